/// Why a text is not an instant in ISO 8601.
public struct TimestampError: Error, Sendable, Equatable {
  /// What is wrong.
  public enum Reason: String, Sendable, Equatable {
    /// The text does not have the form `YYYY-MM-DDThh:mm:ss[.fraction]Z`.
    case malformed
    /// The form is right but the calendar has no such day or the day no such time.
    case noSuchInstant
    /// The instant lies beyond what a ``Timestamp`` can tell.
    case outOfRange
  }

  /// What is wrong.
  public let reason: Reason
  /// The byte at which it was noticed.
  public let byteOffset: Int
}

extension Timestamp {
  /// Reads an instant as RFC 3339 (a profile of ISO 8601) has it: `YYYY-MM-DDThh:mm:ss`, an optional fraction, then
  /// `Z` or an offset `±hh:mm`. The whole text must be used.
  ///
  /// Digits of the fraction past microseconds are cut. Leap seconds (`:60`) are refused, because POSIX time has none.
  /// - Throws: ``TimestampError``
  /// - Complexity: O(length)
  public init(iso8601 text: String) throws(TimestampError) {
    var reader = DigitReader(bytes: Array(text.utf8))
    let year = try reader.number(digits: 4)
    try reader.expect("-")
    let month = try reader.number(digits: 2)
    try reader.expect("-")
    let day = try reader.number(digits: 2)
    guard reader.take("T") || reader.take("t") else { throw reader.malformed }
    let hour = try reader.number(digits: 2)
    try reader.expect(":")
    let minute = try reader.number(digits: 2)
    try reader.expect(":")
    let second = try reader.number(digits: 2)
    var fraction = 0
    if reader.take(".") { fraction = try reader.microseconds() }
    var offsetMinutes = 0
    if !(reader.take("Z") || reader.take("z")) {
      let sign = reader.take("+") ? 1 : reader.take("-") ? -1 : 0
      guard sign != 0 else { throw reader.malformed }
      let hours = try reader.number(digits: 2)
      try reader.expect(":")
      let minutes = try reader.number(digits: 2)
      guard hours < 24, minutes < 60 else { throw TimestampError(reason: .noSuchInstant, byteOffset: reader.position) }
      offsetMinutes = sign * (hours * 60 + minutes)
    }
    guard reader.isAtEnd else { throw reader.malformed }
    guard let date = CivilDate(year: year, month: month, day: day), hour < 24, minute < 60, second < 60 else {
      throw TimestampError(reason: .noSuchInstant, byteOffset: 0)
    }
    // Four-digit years keep every term far within Int64.
    let seconds = date.daysSince1970 * 86_400 + hour * 3_600 + (minute - offsetMinutes) * 60 + second
    self.init(microseconds: Int64(seconds) * 1_000_000 + Int64(fraction))
  }

  /// The instant as RFC 3339 has it, in UTC: `2026-05-01T12:00:00Z`, with six digits of fraction where there is one.
  ///
  /// Years outside 0–9999 are written with a sign and at least six digits, which RFC 3339 does not cover.
  public var iso8601: String {
    var text = ByteWriter(capacity: 32)
    text.append(iso8601: self)
    return text.withBytes { String(decoding: $0, as: UTF8.self) }
  }
}

extension Timestamp: CustomStringConvertible {
  /// The instant as ``iso8601`` has it.
  public var description: String { iso8601 }
}

extension Timestamp: Codable {
  /// Reads the text of ``init(iso8601:)``.
  public init(from decoder: any Decoder) throws {
    self = try decoder.value(ofText: "not an ISO 8601 instant") { text in try Self(iso8601: text) }
  }

  /// Writes the text of ``iso8601``.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(iso8601)
  }
}

extension Int64 {
  /// Quotient towards negative infinity and the remainder, which is never negative; the divisor must be positive.
  @inlinable
  package func flooredDivision(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}

extension ByteWriter {
  /// Writes the text of an instant, as ``Timestamp/iso8601`` has it.
  package mutating func append(iso8601 instant: Timestamp) {
    let (days, microsecondsOfDay) = instant.microseconds.flooredDivision(by: 86_400_000_000)
    let date = CivilDate(daysSince1970: Int(days))
    let second = Int(microsecondsOfDay / 1_000_000)
    let fraction = Int(microsecondsOfDay % 1_000_000)
    if (0...9_999).contains(date.year) {
      append(twoDigits: date.year / 100)
      append(twoDigits: date.year % 100)
    } else {
      append(date.year < 0 ? 0x2d : 0x2b)
      append(digits: UInt64(date.year.magnitude), width: 6)
    }
    append(0x2d)
    append(twoDigits: date.month)
    append(0x2d)
    append(twoDigits: date.day)
    append(0x54)
    append(twoDigits: second / 3_600)
    append(0x3a)
    append(twoDigits: second / 60 % 60)
    append(0x3a)
    append(twoDigits: second % 60)
    if fraction > 0 {
      append(0x2e)
      append(digits: UInt64(fraction.magnitude), width: 6)
    }
    append(0x5a)
  }

  /// Writes a number from 0 to 99.
  @inline(__always)
  private mutating func append(twoDigits number: Int) {
    append(0x30 &+ UInt8(truncatingIfNeeded: number / 10))
    append(0x30 &+ UInt8(truncatingIfNeeded: number % 10))
  }
}

/// Reads fixed fields of digits from ASCII bytes.
private struct DigitReader {
  let bytes: [UInt8]
  var position = 0

  var isAtEnd: Bool { position == bytes.count }
  var malformed: TimestampError { TimestampError(reason: .malformed, byteOffset: position) }

  mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard position < bytes.count, UInt32(bytes[position]) == character.value else { return false }
    position += 1
    return true
  }

  mutating func expect(_ character: Unicode.Scalar) throws(TimestampError) {
    guard take(character) else { throw malformed }
  }

  mutating func digit() -> Int? {
    guard position < bytes.count, (0x30...0x39).contains(bytes[position]) else { return nil }
    defer { position += 1 }
    return Int(bytes[position]) - 0x30
  }

  mutating func number(digits count: Int) throws(TimestampError) -> Int {
    var value = 0
    for _ in 0..<count {
      guard let digit = digit() else { throw malformed }
      value = value * 10 + digit
    }
    return value
  }

  /// At least one digit of a fraction; those past the sixth are read and cut.
  mutating func microseconds() throws(TimestampError) -> Int {
    var value = 0
    var count = 0
    while let digit = digit() {
      if count < 6 { value = value * 10 + digit }
      count += 1
    }
    guard count > 0 else { throw malformed }
    while count < 6 {
      value *= 10
      count += 1
    }
    return value
  }
}
