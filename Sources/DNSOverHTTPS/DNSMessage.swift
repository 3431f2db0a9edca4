internal import SaaSCore
internal import TenancyKit

/// An answer in the JSON form of a DNS message.
enum DNSMessage {
  /// What the message says about one kind of record.
  static func answer(to kind: DNSRecord.Kind, in body: [UInt8]) throws(DNSLookupError) -> DNSAnswer {
    let root: JSONValue
    do { root = try JSONDocument(body, duplicateNames: .lastWins).root } catch {
      throw .unavailable("the answer is no JSON: \(error)")
    }
    guard let status = root["Status"]?.int64 else { throw .unavailable("the answer has no status") }
    switch status {
    case 0: break
    case 2: throw .serverFailure
    case 3: return .noSuchName
    default: throw .responseCode(Int(clamping: status))
    }
    // Part of an answer could lack the very record that is asked for.
    if root["TC"]?.bool ?? false { throw .unavailable("the answer was cut short") }
    guard let answers = root["Answer"] else { return .values([]) }
    var values: [String] = []
    for entry in answers.elements where entry["type"]?.int64 == number(kind) {
      guard let data = entry["data"]?.string else { throw .unavailable("a record has no data") }
      switch kind {
      case .txt: values.append(text(data))
      case .a: values.append(data)
      case .cname:
        guard let name = DNSName(data) else { throw .unavailable("an alias is no name") }
        values.append(name.rawValue)
      }
    }
    return .values(values)
  }

  /// The kind's number (RFC 1035 §3.2.2).
  private static func number(_ kind: DNSRecord.Kind) -> Int64 {
    switch kind {
    case .a: 1
    case .cname: 5
    case .txt: 16
    }
  }

  /// A text as it was set, its strings joined.
  ///
  /// Some resolvers write each string in quotes with a space between, as zone files do (RFC 1035 §5.1: a backslash before a
  /// sign, or before three decimal digits); others write the text alone.
  static func text(_ data: String) -> String {
    let bytes = Array(data.utf8)
    guard bytes.first == UInt8(ascii: "\"") else { return data }
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "\"") else {
        guard bytes[index] == UInt8(ascii: " ") else { return data }
        index += 1
        continue
      }
      index += 1
      var isClosed = false
      while index < bytes.count {
        let byte = bytes[index]
        index += 1
        if byte == UInt8(ascii: "\"") {
          isClosed = true
          break
        }
        guard byte == UInt8(ascii: "\\"), index < bytes.count else {
          result.append(byte)
          continue
        }
        if let escaped = decimal(bytes[index...].prefix(3)) {
          result.append(escaped)
          index += 3
        } else {
          result.append(bytes[index])
          index += 1
        }
      }
      if !isClosed { return data }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func decimal(_ digits: ArraySlice<UInt8>) -> UInt8? {
    guard digits.count == 3 else { return nil }
    var value = 0
    for digit in digits {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
      value = value * 10 + Int(digit - UInt8(ascii: "0"))
    }
    return UInt8(exactly: value)
  }
}
