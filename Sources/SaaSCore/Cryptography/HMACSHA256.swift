/// HMAC with SHA-256 (RFC 2104, RFC 4231): a code that only who knows the key can make.
///
/// Made once from a key, it authenticates any number of messages; no description shows the key.
public struct HMACSHA256: Sendable {
  // The hashes after the padded key; each message goes on from copies of them.
  private let inner: SHA256
  private let outer: SHA256

  /// Codes under a key of any length; one of fewer than 32 bytes weakens them.
  public init(key: [UInt8]) {
    var block = key.count > 64 ? SHA256.hash(key).bytes : key
    block += Array(repeating: 0, count: 64 - block.count)
    var inner = SHA256()
    inner.update(block.map { $0 ^ 0x36 })
    var outer = SHA256()
    outer.update(block.map { $0 ^ 0x5c })
    self.inner = inner
    self.outer = outer
  }

  /// The code of a message.
  public func code(for message: [UInt8]) -> SHA256Digest {
    code { $0.update(message) }
  }

  /// The code of a message that is fed in pieces.
  public func code(feeding feed: (inout SHA256) -> Void) -> SHA256Digest {
    var inner = inner
    feed(&inner)
    var outer = outer
    outer.update(inner.digest().bytes)
    return outer.digest()
  }

  /// Whether a code is the message's; takes the same time whatever it is.
  public func isValid(_ code: SHA256Digest, for message: [UInt8]) -> Bool { self.code(for: message) == code }
}

extension HMACSHA256: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The type's name alone.
  public var description: String { "HMACSHA256" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: EmptyCollection<Mirror.Child>()) }
}
