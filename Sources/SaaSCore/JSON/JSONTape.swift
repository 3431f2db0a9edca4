/// A document's bytes and, beside them, its values in the order of the text.
///
/// An object's token is followed by name, value, name, value, …; an array's by its values.
// Sendable: nothing is written after the initialiser.
final class JSONTape: @unchecked Sendable {
  /// Zero bytes after the text, so that whole words can be loaded at any of its bytes; no scan runs past the first zero.
  static let padding = 16

  /// The text, then ``padding`` zero bytes.
  let bytes: UnsafePointer<UInt8>
  /// The tokens. Every index that leaves the parser is within them, and every start and length within the text.
  let tokens: UnsafePointer<JSONToken>
  let lastWins: Bool

  init(parsing text: Span<UInt8>, maximumDepth: Int, duplicateNames: JSONDocument.DuplicateNames) throws(JSONError) {
    let count = text.count
    guard count <= JSONToken.maximumLength else { throw JSONError(.tooLarge, byteOffset: JSONToken.maximumLength) }
    let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: count + Self.padding)
    text.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { copy.initialize(from: base, count: count) }
    }
    (copy + count).initialize(repeating: 0, count: Self.padding)
    var parser = JSONParser(copy, count: count, maximumDepth: maximumDepth, duplicateNames: duplicateNames)
    do {
      try parser.parse()
    } catch {
      copy.deallocate()
      parser.tokens.deallocate()
      throw error
    }
    bytes = UnsafePointer(copy)
    tokens = UnsafePointer(parser.tokens)
    lastWins = duplicateNames == .lastWins
  }

  deinit {
    UnsafeMutablePointer(mutating: bytes).deallocate()
    UnsafeMutablePointer(mutating: tokens).deallocate()
  }

  /// The index of the token after a value and all within it.
  @inline(__always)
  func index(after index: Int) -> Int {
    let token = tokens[index]
    return token.isContainer ? token.length : index &+ 1
  }

  /// A string's bytes, with its escapes decoded.
  func decoded(_ token: JSONToken) -> [UInt8] {
    Self.decoded(token, of: bytes)
  }

  static func decoded(_ token: JSONToken, of bytes: UnsafePointer<UInt8>) -> [UInt8] {
    let raw = UnsafeBufferPointer(start: bytes + token.start, count: token.length)
    return token.kind == .escapedString ? JSONEscapes.decoded(raw) : Array(raw)
  }

  /// Whether a name is these bytes.
  @inline(__always)
  func isName(_ token: JSONToken, _ name: UnsafeBufferPointer<UInt8>) -> Bool {
    if token.kind == .escapedString { return JSONTape.decoded(token, of: bytes).elementsEqual(name) }
    guard token.length == name.count, let base = name.baseAddress else { return token.length == name.count }
    return Self.areEqual(bytes + token.start, base, count: name.count)
  }

  @inline(__always)
  static func areEqual(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, count: Int) -> Bool {
    let left = UnsafeRawPointer(left)
    let right = UnsafeRawPointer(right)
    var offset = 0
    while count &- offset >= 8 {
      guard
        left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
          == right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      else { return false }
      offset &+= 8
    }
    while offset < count {
      guard
        left.load(fromByteOffset: offset, as: UInt8.self) == right.load(fromByteOffset: offset, as: UInt8.self)
      else { return false }
      offset &+= 1
    }
    return true
  }
}
