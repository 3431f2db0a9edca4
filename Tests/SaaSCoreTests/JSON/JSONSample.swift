import SaaSTesting

/// The plain model of a JSON value, and the many ways to write it.
indirect enum JSONSample: Equatable {
  case object([(String, JSONSample)])
  case array([JSONSample])
  case string(String)
  case number(String)
  case bool(Bool)
  case null

  static func == (left: JSONSample, right: JSONSample) -> Bool {
    switch (left, right) {
    case (.object(let left), .object(let right)):
      left.count == right.count && zip(left, right).allSatisfy { Array($0.0.utf8) == Array($1.0.utf8) && $0.1 == $1.1 }
    case (.array(let left), .array(let right)): left == right
    case (.string(let left), .string(let right)): Array(left.utf8) == Array(right.utf8)
    case (.number(let left), .number(let right)): left == right
    case (.bool(let left), .bool(let right)): left == right
    case (.null, .null): true
    default: false
    }
  }

  static func random(depth: Int, using dice: inout SeededGenerator) -> JSONSample {
    switch Int.random(in: 0..<(depth > 0 ? 9 : 6), using: &dice) {
    case 0: .null
    case 1: .bool(Bool.random(using: &dice))
    case 2: .number(String(Int64.random(in: -1_000_000...1_000_000, using: &dice)))
    case 3:
      .number(["0", "-0", "1.50", "0.000000000000000000000001", "1e-7", "-2.5E+10"].randomElement(using: &dice) ?? "0")
    case 4, 5: .string(text(using: &dice))
    case 6, 7:
      .object(
        (0..<Int.random(in: 0..<6, using: &dice)).map { number in
          (text(using: &dice) + "\(number)", random(depth: depth - 1, using: &dice))
        })
    default: .array((0..<Int.random(in: 0..<6, using: &dice)).map { _ in random(depth: depth - 1, using: &dice) })
    }
  }

  private static func text(using dice: inout SeededGenerator) -> String {
    let scalars: [Unicode.Scalar] = [
      "a", "z", " ", "\"", "\\", "/", "\n", "\u{0}", "\u{1f}", "\u{7f}", "é", "€", "😀", "\u{ffff}",
    ]
    var text = ""
    for _ in 0..<Int.random(in: 0..<24, using: &dice) {
      let scalar = Int.random(in: 0..<3, using: &dice) > 0 ? "b" : scalars.randomElement(using: &dice) ?? "c"
      text.unicodeScalars.append(scalar)
    }
    return text
  }

  /// The value as a JSON text, with white space and escapes where dice say.
  func rendered(using dice: inout SeededGenerator) -> String {
    func space(_ dice: inout SeededGenerator) -> String {
      guard Int.random(in: 0..<3, using: &dice) == 0 else { return "" }
      return String(
        (0..<Int.random(in: 0..<20, using: &dice)).map { _ in " \n\t\r ".randomElement(using: &dice) ?? " " })
    }
    let before = space(&dice)
    let middle: String
    switch self {
    case .null: middle = "null"
    case .bool(let value): middle = value ? "true" : "false"
    case .number(let text): middle = text
    case .string(let text): middle = Self.quoted(text, using: &dice)
    case .array(let values):
      middle = "[" + values.map { $0.rendered(using: &dice) }.joined(separator: ",") + space(&dice) + "]"
    case .object(let members):
      let texts = members.map { name, value in
        space(&dice) + Self.quoted(name, using: &dice) + space(&dice) + ":" + value.rendered(using: &dice)
      }
      middle = "{" + texts.joined(separator: ",") + space(&dice) + "}"
    }
    return before + middle + space(&dice)
  }

  private static func quoted(_ text: String, using dice: inout SeededGenerator) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      let mustEscape = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
      if mustEscape || Int.random(in: 0..<10, using: &dice) == 0 {
        switch scalar {
        case "\"", "\\", "/": result += "\\" + String(scalar)
        case "\n" where Bool.random(using: &dice): result += "\\n"
        default:
          for unit in String(scalar).utf16 {
            let digits = String(unit, radix: 16, uppercase: Bool.random(using: &dice))
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
          }
        }
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
