/// Reads a JSON text in one pass, without recursion, into tokens.
///
/// While an array or object is open its token's length is the index of the one around it, so that no stack is needed.
/// The text is followed by zero bytes. No rule of the grammar accepts a zero byte, so `position` never passes `count`,
/// and a load of eight bytes there stays within the padding.
struct JSONParser {
  let bytes: UnsafePointer<UInt8>
  let count: Int
  private let maximumDepth: Int
  private let refusesDuplicates: Bool
  var position = 0

  /// Allocated here, and freed by whoever made the parser.
  private(set) var tokens: UnsafeMutablePointer<JSONToken>
  private var capacity: Int
  private(set) var used = 0

  /// Marks the token of the outermost array or object while it is open.
  private static let noContainer = JSONToken.maximumLength

  init(
    _ bytes: UnsafePointer<UInt8>, count: Int, maximumDepth: Int, duplicateNames: JSONDocument.DuplicateNames
  ) {
    self.bytes = bytes
    self.count = count
    self.maximumDepth = maximumDepth
    refusesDuplicates = duplicateNames == .refused
    capacity = count / 8 + 8
    tokens = .allocate(capacity: capacity)
  }

  private enum Expected { case value, name, separator }

  mutating func parse() throws(JSONError) {
    var expected = Expected.value
    var container = Self.noContainer
    var isInObject = false
    var depth = 0
    while true {
      skipWhitespace()
      let byte = bytes[position]
      switch expected {
      case .name:
        guard byte == 0x22 else { throw unexpected() }
        position &+= 1
        try readString()
        skipWhitespace()
        guard bytes[position] == 0x3a else { throw unexpected() }
        position &+= 1
        expected = .value
      case .value:
        expected = .separator
        switch byte {
        case 0x22:
          position &+= 1
          try readString()
        case 0x7b, 0x5b:
          guard depth < maximumDepth else { throw JSONError(.tooDeep, byteOffset: position) }
          depth &+= 1
          let isObject = byte == 0x7b
          append(JSONToken(isObject ? .object : .array, start: position, length: container))
          container = used &- 1
          isInObject = isObject
          position &+= 1
          skipWhitespace()
          // ']' and '}' are two after their openers in ASCII.
          if bytes[position] != byte &+ 2 { expected = isObject ? .name : .value }
        case 0x2d, 0x30...0x39: try readNumber()
        case 0x74: try readWord(0x6575_7274, .true, length: 4)
        case 0x6e: try readWord(0x6c6c_756e, .null, length: 4)
        case 0x66:
          guard bytes[position &+ 1] == 0x61 else { throw unexpected(at: position &+ 1) }
          position &+= 1
          try readWord(0x6573_6c61, .false, length: 4)
        default: throw unexpected()
        }
      case .separator:
        guard container != Self.noContainer else {
          guard position >= count else { throw JSONError(.trailingCharacters, byteOffset: position) }
          return
        }
        if byte == 0x2c {
          position &+= 1
          expected = isInObject ? .name : .value
          continue
        }
        guard byte == (isInObject ? 0x7d : 0x5d) else { throw unexpected() }
        position &+= 1
        let token = tokens[container]
        if isInObject && refusesDuplicates {
          let names = JSONNames(bytes: bytes, tokens: tokens, first: container &+ 1, end: used)
          if let offset = names.offsetOfDuplicate() { throw JSONError(.duplicateName, byteOffset: offset) }
        }
        tokens[container] = JSONToken(token.kind, start: token.start, length: used)
        container = token.length
        depth &-= 1
        isInObject = container != Self.noContainer && tokens[container].kind == .object
      }
    }
  }

  func unexpected() -> JSONError { unexpected(at: position) }

  func unexpected(at offset: Int) -> JSONError {
    offset >= count
      ? JSONError(.unexpectedEnd, byteOffset: count) : JSONError(.unexpectedCharacter, byteOffset: offset)
  }

  @inline(__always)
  mutating func append(_ token: JSONToken) {
    if used == capacity { grow() }
    tokens[used] = token
    used &+= 1
  }

  @inline(never)
  private mutating func grow() {
    let larger = UnsafeMutablePointer<JSONToken>.allocate(capacity: capacity * 2)
    larger.moveInitialize(from: tokens, count: used)
    tokens.deallocate()
    tokens = larger
    capacity *= 2
  }

  @inline(__always)
  mutating func skipWhitespace() {
    while bytes[position] <= 0x20 {
      switch bytes[position] {
      case 0x20, 0x0a, 0x0d, 0x09: position &+= 1
      default: return
      }
      // Text that was laid out for people has long runs of spaces.
      while true {
        let other = word(at: position) ^ 0x2020_2020_2020_2020
        guard other == 0 else {
          position &+= other.trailingZeroBitCount >> 3
          break
        }
        position &+= 8
      }
    }
  }

  @inline(__always)
  func word(at offset: Int) -> UInt64 {
    UInt64(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: offset, as: UInt64.self))
  }

  @inline(__always)
  private mutating func readWord(_ letters: UInt32, _ kind: JSONToken.Kind, length: Int) throws(JSONError) {
    let found = UInt32(truncatingIfNeeded: word(at: position))
    guard found == letters else {
      throw unexpected(at: position &+ (found ^ letters).trailingZeroBitCount >> 3)
    }
    append(JSONToken(kind, start: position, length: length))
    position &+= length
  }

  @inline(__always)
  private mutating func readDigits() throws(JSONError) {
    guard bytes[position] &- 0x30 <= 9 else { throw malformedNumber() }
    repeat { position &+= 1 } while bytes[position] &- 0x30 <= 9
  }

  private func malformedNumber() -> JSONError {
    JSONError(position >= count ? .unexpectedEnd : .malformedNumber, byteOffset: position)
  }

  @inline(__always)
  private mutating func readNumber() throws(JSONError) {
    let start = position
    var kind = JSONToken.Kind.integer
    if bytes[position] == 0x2d { position &+= 1 }
    if bytes[position] == 0x30 {
      position &+= 1
      guard bytes[position] &- 0x30 > 9 else { throw malformedNumber() }
    } else {
      try readDigits()
    }
    if bytes[position] == 0x2e {
      kind = .number
      position &+= 1
      try readDigits()
    }
    if bytes[position] | 0x20 == 0x65 {
      kind = .number
      position &+= 1
      if bytes[position] == 0x2b || bytes[position] == 0x2d { position &+= 1 }
      try readDigits()
    }
    append(JSONToken(kind, start: start, length: position &- start))
  }
}
