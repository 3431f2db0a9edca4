internal import Foundation

/// A TCP socket on the loopback interface, with blocking calls.
struct Socket: Sendable {
  struct Failure: Error {
    let call: String
    let code: Int32
  }

  private let descriptor: Int32

  private static func make(_ address: in_addr_t, _ port: UInt16) -> sockaddr_in {
    var result = sockaddr_in()
    result.sin_family = sa_family_t(AF_INET)
    result.sin_port = port.bigEndian
    result.sin_addr = in_addr(s_addr: address.bigEndian)
    return result
  }

  static func listening() throws -> Socket {
    #if canImport(Darwin)
      let kind = SOCK_STREAM
    #else
      let kind = Int32(SOCK_STREAM.rawValue)
    #endif
    let descriptor = socket(AF_INET, kind, 0)
    guard descriptor >= 0 else { throw Failure(call: "socket", code: errno) }
    var address = make(0x7f00_0001, 0)
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard bound == 0, listen(descriptor, 128) == 0 else {
      let code = errno
      Foundation.close(descriptor)
      throw Failure(call: "listen", code: code)
    }
    return Socket(descriptor: descriptor)
  }

  func port() throws -> UInt16 {
    var address = sockaddr_in()
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
    }
    guard result == 0 else { throw Failure(call: "getsockname", code: errno) }
    return UInt16(bigEndian: address.sin_port)
  }

  func accepted() -> Socket? {
    while true {
      let connection = accept(descriptor, nil, nil)
      if connection >= 0 {
        #if canImport(Darwin)
          var on: Int32 = 1
          setsockopt(connection, SOL_SOCKET, SO_NOSIGPIPE, &on, socklen_t(MemoryLayout<Int32>.size))
        #endif
        return Socket(descriptor: connection)
      }
      guard errno == EINTR || errno == ECONNABORTED else { return nil }
    }
  }

  @discardableResult
  func write(_ bytes: [UInt8]) -> Bool {
    #if canImport(Darwin)
      let flags: Int32 = 0
    #else
      let flags = Int32(MSG_NOSIGNAL)
    #endif
    return bytes.withUnsafeBytes { buffer in
      var offset = 0
      while offset < buffer.count, let base = buffer.baseAddress {
        let sent = send(descriptor, base + offset, buffer.count - offset, flags)
        if sent < 0 && errno == EINTR { continue }
        guard sent > 0 else { return false }
        offset += sent
      }
      return true
    }
  }

  /// The next bytes, or nil at the end of the connection.
  private func read() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count < 0 && errno == EINTR { continue }
      return count > 0 ? Array(buffer[..<count]) : nil
    }
  }

  func waitForEnd() {
    while read() != nil {}
  }

  /// Reads one request with a body of announced length or in chunks, or gives nil where the client leaves before its end.
  func readRequest() -> LoopbackRequest? {
    var bytes: [UInt8] = []
    var end: Int?
    while end == nil {
      guard let more = read() else { return nil }
      bytes += more
      end = bytes.firstRange(of: Array("\r\n\r\n".utf8))?.lowerBound
    }
    guard let end else { return nil }
    let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n").map(String.init)
    let start = (lines.first ?? "").split(separator: " ").map(String.init)
    guard start.count == 3 else { return nil }
    let headers = lines.dropFirst().map { line in
      let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      return (name: String(parts[0]), value: parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : "")
    }
    func header(_ name: String) -> String? { headers.first { $0.name.lowercased() == name }?.value }
    var body = Array(bytes[(end + 4)...])
    if header("expect") != nil { write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8)) }
    if header("transfer-encoding") == "chunked" {
      while body.firstRange(of: Array("0\r\n\r\n".utf8)) == nil {
        guard let more = read() else { return nil }
        body += more
      }
    }
    let length = header("content-length").flatMap { Int($0) } ?? 0
    while body.count < length {
      guard let more = read() else { return nil }
      body += more
    }
    return LoopbackRequest(method: start[0], target: start[1], headers: headers, body: body)
  }

  /// Wakes whoever waits in a call on the socket; it must be closed afterwards.
  func shutDown() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  func close() { Foundation.close(descriptor) }

  /// Closes with RST instead of FIN, so that the peer sees a lost connection.
  func reset() {
    var option = linger(l_onoff: 1, l_linger: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
    close()
  }
}
