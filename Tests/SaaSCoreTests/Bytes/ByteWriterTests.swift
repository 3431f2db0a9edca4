import SaaSTesting
import Testing

@testable import SaaSCore

@Suite("A byte writer")
struct ByteWriterTests {
  @Test("has what was written, in order, however often it grew", arguments: [UInt64(1), 2, 3, 4])
  func model(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    var writer = ByteWriter(capacity: Int.random(in: 0...40, using: &random))
    var model: [UInt8] = []
    for _ in 0..<300 {
      let piece = (0..<Int.random(in: 0...90, using: &random)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
      switch Int.random(in: 0..<5, using: &random) {
      case 0:
        for byte in piece.prefix(3) {
          writer.append(byte)
          model.append(byte)
        }
      case 1:
        piece.withUnsafeBufferPointer { writer.append($0) }
        model += piece
      case 2:
        let text = InlineText(utf8: piece.span)
        writer.append(try #require(text))
        model += piece
      case 3:
        writer.append("a fixed text")
        model += Array("a fixed text".utf8)
      default:
        let count = max(0, model.count - Int.random(in: 0...5, using: &random))
        writer.removeAll(after: count)
        model.removeLast(model.count - count)
      }
      #expect(writer.count == model.count, "seed \(seed)")
    }
    #expect(writer.bytes == model, "seed \(seed)")
    #expect(writer.withBytes { Array($0) } == model, "seed \(seed)")
  }

  @Test("takes nothing back where there is nothing to")
  func bounds() {
    var writer = ByteWriter(capacity: 0)
    writer.append("text")
    writer.removeAll(after: 9)
    #expect(writer.count == 4)
    writer.removeAll(after: -1)
    #expect(writer.bytes.isEmpty)
  }

  @Test(
    "escapes the characters of a JSON string as RFC 8259 has them, from either kind of text",
    arguments: [
      "", "plain", "\"q\"\\", "\u{8}\u{9}\u{a}\u{c}\u{d}", "\u{0}\u{1f}\u{10}", "é\u{7f}😀",
      "a long text, \n, of forty-five bytes or more",
    ])
  func escapes(text: String) throws {
    var expected = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": expected += "\\\(scalar)"
      case "\u{8}": expected += "\\b"
      case "\t": expected += "\\t"
      case "\n": expected += "\\n"
      case "\u{c}": expected += "\\f"
      case "\r": expected += "\\r"
      case ..<" ": expected += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: expected.unicodeScalars.append(scalar)
      }
    }
    var writer = ByteWriter(capacity: 0)
    writer.append("[")
    var copy = text
    copy.withUTF8 { writer.append(characters: $0) }
    writer.append(characters: try #require(InlineText(text)))
    #expect(String(decoding: writer.bytes, as: UTF8.self) == "[" + expected + expected)
  }
}
