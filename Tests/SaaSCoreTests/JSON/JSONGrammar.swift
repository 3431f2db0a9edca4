/// RFC 8259's grammar, followed letter by letter: slow, and plain enough to be checked by eye.
struct JSONGrammar {
  private var rest: [Unicode.Scalar]

  static func accepts(_ bytes: [UInt8]) -> Bool {
    guard let text = String(validating: bytes, as: UTF8.self) else { return false }
    var grammar = JSONGrammar(rest: text.unicodeScalars.reversed())
    return grammar.element() && grammar.rest.isEmpty
  }

  private mutating func take(_ scalars: Set<Unicode.Scalar>) -> Unicode.Scalar? {
    guard let next = rest.last, scalars.contains(next) else { return nil }
    return rest.removeLast()
  }

  private mutating func takeAll(_ scalars: Set<Unicode.Scalar>) -> Int {
    var count = 0
    while take(scalars) != nil { count += 1 }
    return count
  }

  private mutating func space() { _ = takeAll([" ", "\t", "\n", "\r"]) }

  /// ws value ws
  private mutating func element() -> Bool {
    space()
    guard value() else { return false }
    space()
    return true
  }

  private mutating func value() -> Bool {
    guard let first = rest.last else { return false }
    switch first {
    case "{":
      rest.removeLast()
      return list(until: "}") { grammar in
        grammar.space()
        guard grammar.string() else { return false }
        grammar.space()
        return grammar.take([":"]) != nil && grammar.element()
      }
    case "[":
      rest.removeLast()
      return list(until: "]") { $0.element() }
    case "\"": return string()
    case "t": return word("true")
    case "f": return word("false")
    case "n": return word("null")
    default: return number()
    }
  }

  private mutating func list(until end: Unicode.Scalar, _ item: (inout JSONGrammar) -> Bool) -> Bool {
    space()
    if take([end]) != nil { return true }
    repeat {
      guard item(&self) else { return false }
    } while take([","]) != nil
    return take([end]) != nil
  }

  private mutating func word(_ word: String) -> Bool { word.unicodeScalars.allSatisfy { take([$0]) != nil } }

  private mutating func number() -> Bool {
    let digits = Set("0123456789".unicodeScalars)
    _ = take(["-"])
    if take(["0"]) == nil {
      guard takeAll(digits) > 0 else { return false }
    }
    if take(["."]) != nil {
      guard takeAll(digits) > 0 else { return false }
    }
    if take(["e", "E"]) != nil {
      _ = take(["+", "-"])
      guard takeAll(digits) > 0 else { return false }
    }
    return true
  }

  private mutating func string() -> Bool {
    guard take(["\""]) != nil else { return false }
    var units: [UInt16] = []
    while let next = rest.popLast() {
      switch next {
      case "\"": return String(validating: units, as: UTF16.self) != nil
      case "\\":
        guard let letter = rest.popLast() else { return false }
        switch letter {
        case "\"", "\\", "/", "b", "f", "n", "r", "t": units.append(0x20)
        case "u":
          var digits = ""
          for _ in 0..<4 {
            guard let digit = rest.popLast() else { return false }
            digits.unicodeScalars.append(digit)
          }
          guard digits.utf8.count == 4, !digits.hasPrefix("+"), !digits.hasPrefix("-"),
            let unit = UInt16(digits, radix: 16)
          else { return false }
          units.append(unit)
        default: return false
        }
      case "\u{0}"..."\u{1f}": return false
      default: units.append(contentsOf: String(next).utf16)
      }
    }
    return false
  }
}
