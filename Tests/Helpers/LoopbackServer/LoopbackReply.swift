/// What a loopback server does about one request that it has read.
public enum LoopbackReply: Sendable {
  /// Answers and closes the connection.
  case respond(status: Int, headers: [(String, String)], body: [UInt8])
  /// Answers with the body in pieces, each after a pause; its length is announced where `announcesLength` is set, else
  /// the end of the connection ends it.
  case trickle(status: Int, pieces: [[UInt8]], pause: Duration, announcesLength: Bool)
  /// Announces a body, sends less of it, and closes the connection.
  case cutShort(status: Int, announced: Int, body: [UInt8])
  /// Sends these bytes as they are and closes the connection.
  case raw([UInt8])
  /// Resets the connection without an answer.
  case reset
  /// Keeps the connection open without an answer, until the client leaves or the server stops.
  case silence

  /// An answer in JSON.
  public static func json(_ text: String, status: Int = 200, headers: [(String, String)] = []) -> LoopbackReply {
    .respond(status: status, headers: [("Content-Type", "application/json")] + headers, body: Array(text.utf8))
  }
}

/// One request as it came over the wire.
public struct LoopbackRequest: Sendable {
  /// The method.
  public let method: String
  /// Path and query as they were sent.
  public let target: String
  /// The header fields in order.
  public let headers: [(name: String, value: String)]
  /// The body.
  public let body: [UInt8]

  /// The body as text.
  public var text: String { String(decoding: body, as: UTF8.self) }

  /// The target without its query.
  public var path: String { String(target.prefix { $0 != "?" }) }

  /// The value of the first field of a name.
  public func header(_ name: String) -> String? {
    headers.first { $0.name.lowercased() == name.lowercased() }?.value
  }

  /// The decoded names and values of the query.
  public var query: [(name: String, value: String)] {
    Self.pairs(target.split(separator: "?", maxSplits: 1).dropFirst().first ?? "")
  }

  /// The decoded names and values of a form in the body, in order.
  public var form: [(name: String, value: String)] { Self.pairs(Substring(text)) }

  /// The decoded value of a form's field.
  public func field(_ name: String) -> String? { form.first { $0.name == name }?.value }

  private static func pairs(_ text: Substring) -> [(name: String, value: String)] {
    text.split(separator: "&").map { pair in
      let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      return (decoded(parts[0]), decoded(parts.count > 1 ? parts[1] : ""))
    }
  }

  private static func decoded(_ text: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = Substring(text).utf8
    while let byte = rest.popFirst() {
      if byte == 0x25, let value = UInt8(String(decoding: Array(rest.prefix(2)), as: UTF8.self), radix: 16) {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte == 0x2b ? 0x20 : byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
