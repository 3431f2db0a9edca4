import Foundation
import SaaSCore
import SaaSTesting
import Testing

@Suite struct CanonicalJSONTests {
  /// A value with everything that a stored one may have.
  private struct Sample: Codable, Equatable {
    enum Choice: Codable, Equatable {
      case none
      case text(String)
      case both(first: Int64, second: [Choice])
    }

    struct Child: Codable, Equatable {
      let instant: Timestamp
      let id: TenantID?
    }

    let text: String
    let flag: Bool
    let numbers: [Int64]
    let small: UInt8
    let large: UInt64
    let fraction: Double
    let absent: String?
    let present: Int64?
    let choice: Choice
    let children: [Child]
    let metadata: [String: String]
    let pairs: [Int: [String?]]

    init(using dice: inout SeededGenerator) throws {
      func text() -> String {
        let letters = [
          "a", "Z", "\"", "\\", "/", "\n", "\u{1}", "\u{1f}", "\u{7f}", "ü", "€", "😀", "\u{2028}", " ", "é",
        ]
        return (0..<Int.random(in: 0...9, using: &dice)).map { _ in letters.randomElement(using: &dice) ?? "" }.joined()
      }
      self.text = text()
      flag = .random(using: &dice)
      numbers = [.min, .max, 0, .random(in: -99...99, using: &dice)]
      small = .random(in: 0...255, using: &dice)
      large = .max - .random(in: 0...9, using: &dice)
      fraction = Double(Int.random(in: -999...999, using: &dice)) + 0.25
      absent = nil
      present = Bool.random(using: &dice) ? .random(in: 0...9, using: &dice) : nil
      choice = Bool.random(using: &dice) ? .text(text()) : .both(first: 7, second: [.none, .text(text())])
      children = try (0..<Int.random(in: 0...3, using: &dice)).map { number in
        Child(
          instant: Timestamp(microseconds: .random(in: 0...2_000_000_000_000_000, using: &dice)),
          id: Bool.random(using: &dice) ? try TenantID("tenant_\(number)") : nil)
      }
      let names = ["a", "ab", "a b", "b", "zz", "note_1", "note_10", "note_2"]
      metadata = Dictionary(uniqueKeysWithValues: names.filter { _ in Bool.random(using: &dice) }.map { ($0, text()) })
      pairs = [Int.random(in: 0...9, using: &dice): [text(), nil]]
    }
  }

  @Test(arguments: UInt64(1)...100)
  func `a value is written as Foundation writes it with sorted names, and read again`(seed: UInt64) throws {
    var dice = SeededGenerator(seed: seed)
    let sample = try Sample(using: &dice)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let expected = try encoder.encode(sample)
    let bytes = try CanonicalJSON.encode(sample)
    #expect(String(decoding: bytes, as: UTF8.self) == String(decoding: expected, as: UTF8.self), "seed \(seed)")
    #expect(try CanonicalJSON.decode(bytes, as: Sample.self) == sample, "seed \(seed)")
  }

  @Test func `members are in the order of their names' bytes`() throws {
    let names = ["b", "a", "B", "ab", "", "a b", "ü", "note_10", "note_2"]
    let bytes = try CanonicalJSON.encode(Dictionary(uniqueKeysWithValues: names.map { ($0, 1) }))
    let read = try JSONDocument(bytes).root.members.map(\.name)
    #expect(read == ["", "B", "a", "a b", "ab", "b", "note_10", "note_2", "ü"])
  }

  private struct Numbers: Codable, Equatable { let small: Int8 }

  @Test(arguments: [
    (#"{}"#, "small"), (#"{"small":null}"#, "null"), (#"{"small":"1"}"#, "string"), (#"{"small":128}"#, "/small"),
    (#"{"small":1.5}"#, "/small"), (#"[]"#, "array"), (#"{"small":1"#, "unexpectedEnd"),
  ])
  func `a value of another shape is refused, and the error says what is there`(text: String, word: String) throws {
    let error = #expect(throws: (any Error).self) {
      try CanonicalJSON.decode(Array(text.utf8), as: Numbers.self)
    }
    #expect("\(error.map { "\($0)" } ?? "")".contains(word))
  }

  @Test func `a value may try one type after another`() throws {
    struct Either: Codable, Equatable {
      let text: String?
      let numbers: [Int]
      init(_ text: String?, _ numbers: [Int]) { (self.text, self.numbers) = (text, numbers) }
      init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
          self.init(text, [])
        } else {
          self.init(nil, try container.decode([Int].self))
        }
      }
    }
    let read = try CanonicalJSON.decode(Array(#"["a",[1,2]]"#.utf8), as: [Either].self)
    #expect(read == [Either("a", []), Either(nil, [1, 2])])
  }

  @Test func `a number that JSON cannot write is refused`() {
    #expect(throws: EncodingError.self) { try CanonicalJSON.encode([Double.nan]) }
  }
}
