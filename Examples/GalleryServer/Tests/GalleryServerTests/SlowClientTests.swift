import Foundation
import Testing

@Suite("Slow clients") struct SlowClientTests {
  /// What a client sends at once, and what it goes on sending byte by byte.
  static let clients: [(first: String, drip: String)] = [
    ("", ""),
    ("GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ", "a"),
    ("POST /api/runs HTTP/1.1\r\nHost: orchard.localhost\r\nContent-Length: 60000\r\n\r\n{", " "),
    ("POST /api/runs HTTP/1.1\r\nHost: orchard.localhost\r\nTransfer-Encoding: chunked\r\n\r\n", "1\r\na\r\n"),
    ("POST /api/runs HTTP/1.1\r\nHost: orchard.localhost\r\nContent-Length: 10\r\n\r\n{", ""),
  ]

  @Test("are hung up on however they drip, and nobody else waits for them")
  func slow() async throws {
    try await RunningServer.with(patience: .seconds(1)) { server in
      let port = server.client.port
      try await withThrowingTaskGroup(of: Bool.self) { group in
        for client in Self.clients {
          group.addTask { try await RawConnection(port: port).isClosed(after: client.first, dripping: client.drip) }
        }
        for _ in 0..<20 {
          #expect(try await server.client.call("GET", "/healthz", host: "x").status == 200)
        }
        for try await isClosed in group { #expect(isClosed) }
      }
      #expect(try await server.client.call("GET", "/", host: "orchard.localhost").status == 200)
    }
  }

  @Test("that ask in time are answered on one connection again and again") func steady() async throws {
    try await RunningServer.with(patience: .seconds(5)) { server in
      let connection = try RawConnection(port: server.client.port)
      for _ in 0..<3 {
        try connection.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        #expect(try await connection.read(until: "}").contains("200 OK"))
      }
    }
  }
}

/// A connection on which a test says each byte itself.
struct RawConnection: Sendable {
  private let descriptor: Int32

  init(port: Int) throws {
    #if canImport(Glibc)
      let kind = Int32(SOCK_STREAM.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    descriptor = socket(AF_INET, kind, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) }
    }
    guard result == 0 else { throw RunningServer.Failure("no connection") }
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
  }

  func send(_ text: String) throws {
    #if canImport(Glibc)
      let flags = Int32(MSG_NOSIGNAL)
    #else
      let flags: Int32 = 0
    #endif
    let bytes = Array(text.utf8)
    guard bytes.isEmpty || Foundation.send(descriptor, bytes, bytes.count, flags) == bytes.count else {
      throw RunningServer.Failure("closed")
    }
  }

  /// What has come; nil where the server closed the connection.
  private func receive() -> String? {
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let count = recv(descriptor, &buffer, buffer.count, 0)
    if count > 0 { return String(decoding: buffer[..<count], as: UTF8.self) }
    return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? "" : nil
  }

  func read(until end: String) async throws -> String {
    var text = ""
    for _ in 0..<3_000 {
      guard let more = receive() else { throw RunningServer.Failure("closed after \(text)") }
      text += more
      if text.contains(end) { return text }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw RunningServer.Failure("no \(end) in \(text)")
  }

  /// Whether the server hangs up on a client that goes on like this; gives up after half a minute.
  func isClosed(after first: String, dripping drip: String) async throws -> Bool {
    defer { close(descriptor) }
    try send(first)
    for _ in 0..<300 {
      if receive() == nil { return true }
      do { try send(drip) } catch { return true }
      try await Task.sleep(for: .milliseconds(100))
    }
    return false
  }
}
