/// An absolute `http` or `https` URL (RFC 3986, RFC 9110 §4.2) without user name, password or fragment.
public struct HTTPURL: Sendable, Hashable {
  /// Whether the connection is encrypted.
  public let isSecure: Bool
  /// The host, letters in lower case; an IPv6 address keeps its brackets.
  public let host: String
  /// The port where the URL names one.
  public let port: UInt16?
  /// The path, percent-encoded; empty, or beginning with a slash.
  public private(set) var path: String
  /// The query without its question mark, percent-encoded.
  public private(set) var query: String?

  /// Reads a URL; the whole text must be used.
  /// - Throws: ``HTTPURLError``
  public init(_ text: String) throws(HTTPURLError) {
    var rest = Substring(text)
    guard let scheme = rest.range(of: "://") else { throw .scheme }
    switch rest[..<scheme.lowerBound].lowercased() {
    case "https": isSecure = true
    case "http": isSecure = false
    default: throw .scheme
    }
    rest = rest[scheme.upperBound...]
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    (host, port) = try Self.parse(authority: authority)
    rest = rest[authority.endIndex...]
    let path = rest.prefix { $0 != "?" && $0 != "#" }
    guard Self.isValid(path, also: "/") else { throw .path }
    self.path = String(path)
    rest = rest[path.endIndex...]
    if rest.first == "?" {
      let query = rest.dropFirst().prefix { $0 != "#" }
      guard Self.isValid(query, also: "/?") else { throw .query }
      self.query = String(query)
      rest = rest[query.endIndex...]
    }
    guard rest.isEmpty else { throw .fragment }
  }

  /// The encrypted service at a host that is known to be well-formed.
  package init(trustedHost host: String) {
    isSecure = true
    self.host = host
    port = nil
    path = ""
  }

  private static func parse(authority: Substring) throws(HTTPURLError) -> (host: String, port: UInt16?) {
    var host = authority
    var port: UInt16?
    let bracket = authority.lastIndex(of: "]") ?? authority.startIndex
    if let colon = authority[bracket...].lastIndex(of: ":") {
      let digits = authority[authority.index(after: colon)...]
      host = authority[..<colon]
      if !digits.isEmpty {
        guard digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(digits), number > 0 else {
          throw .port
        }
        port = number
      }
    }
    guard !host.isEmpty else { throw .host }
    if host.first == "[" {
      let address = host.dropFirst().dropLast()
      guard host.last == "]", !address.isEmpty,
        address.utf8.allSatisfy({ PercentEncoding.isHexadecimal($0) || $0 == 0x3a || $0 == 0x2e })
      else { throw .host }
    } else {
      guard host.utf8.allSatisfy({ PercentEncoding.isUnreserved($0) && $0 != 0x7e }) else { throw .host }
    }
    return (host.lowercased(), port)
  }

  /// Whether every byte is a `pchar` of RFC 3986 §3.3, whole percent escapes included, or one of the others named.
  private static func isValid(_ text: Substring, also others: String) -> Bool {
    let allowed = Array(("!$&'()*+,;=:@" + others).utf8)
    let bytes = Array(text.utf8)
    return bytes.indices.allSatisfy { index in
      let byte = bytes[index]
      if byte == 0x25 {
        return index + 2 < bytes.count && PercentEncoding.isHexadecimal(bytes[index + 1])
          && PercentEncoding.isHexadecimal(bytes[index + 2])
      }
      return PercentEncoding.isUnreserved(byte) || allowed.contains(byte)
    }
  }

  /// The URL with path segments after its own, each percent-encoded whole; the query is dropped.
  /// - Throws: ``HTTPURLError/path`` for a segment that is empty, `.` or `..`, which would name another resource.
  public func appending(path segments: String...) throws(HTTPURLError) -> HTTPURL {
    try appending(path: segments)
  }

  /// The URL with path segments after its own, each percent-encoded whole; the query is dropped.
  /// - Throws: ``HTTPURLError/path`` for a segment that is empty, `.` or `..`, which would name another resource.
  public func appending(path segments: [String]) throws(HTTPURLError) -> HTTPURL {
    var copy = self
    copy.query = nil
    if copy.path.hasSuffix("/") { copy.path.removeLast() }
    for segment in segments {
      guard segment != "", segment != ".", segment != ".." else { throw .path }
      copy.path += "/" + PercentEncoding.encoded(segment)
    }
    return copy
  }

  /// The URL with names and values after those of its query, each percent-encoded whole.
  public func appending(query pairs: [(name: String, value: String)]) -> HTTPURL {
    guard !pairs.isEmpty else { return self }
    var copy = self
    let added = pairs.map { PercentEncoding.encoded($0.name) + "=" + PercentEncoding.encoded($0.value) }
    copy.query = ((query.map { $0.isEmpty ? [] : [$0] } ?? []) + added).joined(separator: "&")
    return copy
  }

  /// The URL without its query.
  public var withoutQuery: String {
    "\(isSecure ? "https" : "http")://\(host)" + (port.map { ":\($0)" } ?? "") + path
  }
}

/// Why a text is not a URL that can be requested, by the part that is wrong.
public enum HTTPURLError: Error, Sendable, Hashable {
  /// The scheme is neither `http` nor `https`, or is missing.
  case scheme
  /// The host is missing, has a byte that hosts must not have, or comes after a user name.
  case host
  /// The port is no number from 1 to 65535.
  case port
  /// The path has a byte that must be percent-encoded, or a segment that would name another resource.
  case path
  /// The query has a byte that must be percent-encoded.
  case query
  /// There is a fragment, which is never sent.
  case fragment
}

extension HTTPURL: CustomStringConvertible {
  /// The whole URL.
  public var description: String { withoutQuery + (query.map { "?" + $0 } ?? "") }
}

extension Substring {
  /// Where another text first stands, found without Foundation.
  fileprivate func range(of other: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(other) { return start..<index(start, offsetBy: other.count) }
      formIndex(after: &start)
    }
    return nil
  }
}
