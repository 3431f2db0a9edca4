import Foundation
import SaaSCore
import Testing

@testable import AdminReports

/// Texts as somebody hostile would choose them, in every form that a report is written in.
@Suite struct EncodingTests {
  private static let formulas = [
    "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u{a0}-1", "＝1", "＋1", "－1", "＠x",
    "=HYPERLINK(\"http://evil\",\"x\")", "=cmd|' /C calc'!A0",
  ]
  private static let texts =
    formulas + [
      "", "plain", "a,b", "\"", "\"\"", "a\"b", "a\r\nb", "a\nb", ",", "'quoted'", "مرحبا", "\u{202e}gnp.exe",
      "<script>alert(1)</script>", "]]>", "\u{0}nul", "\u{1b}[31m", "\u{7f}", "\u{85}",
      String(decoding: [0xef, 0xb7, 0x90] as [UInt8], as: UTF8.self),
      String(decoding: [0xf4, 0x8f, 0xbf, 0xbf] as [UInt8], as: UTF8.self),
      String(repeating: "W", count: 10_000), String(repeating: "\"", count: 10_000), "👩‍👩‍👧‍👦", "e\u{301}",
      String(decoding: [0xed, 0xa0, 0x80, 0x41] as [UInt8], as: UTF8.self),
      String(decoding: [0xff, 0xfe, 0xc0] as [UInt8], as: UTF8.self),
    ]

  @Test("a CSV reader finds every text again, those that a spreadsheet would compute behind an apostrophe")
  func csv() throws {
    let table = CSVTable("t", header: ["text", "number"], rows: Self.texts.map { [.text($0), .exact("-5")] })
    let rows = try #require(Self.read(table.text))
    #expect(rows.first == ["text", "number"])
    #expect(rows.count == Self.texts.count + 1)
    for (text, row) in zip(Self.texts, rows.dropFirst()) {
      let isFormula = Self.formulas.contains(text)
      #expect(row == [isFormula ? "'" + text : text, "-5"])
    }
  }

  /// The records of comma-separated values as RFC 4180 has them; nil where they are none.
  private static func read(_ text: String) -> [[String]]? {
    var records: [[String]] = []
    var record: [String] = []
    var field = String.UnicodeScalarView()
    var scalars = text.unicodeScalars[...]
    while let scalar = scalars.popFirst() {
      switch scalar {
      case "\"":
        guard field.isEmpty else { return nil }
        while let inner = scalars.popFirst() {
          if inner != "\"" {
            field.append(inner)
          } else if scalars.first == "\"" {
            field.append("\"")
            scalars.removeFirst()
          } else {
            break
          }
        }
        guard let next = scalars.first, next == "," || next == "\r" else { return nil }
      case ",":
        record.append(String(field))
        field.removeAll()
      case "\r":
        guard scalars.popFirst() == "\n" else { return nil }
        records.append(record + [String(field)])
        record = []
        field.removeAll()
      case "\n": return nil
      default: field.append(scalar)
      }
    }
    return record.isEmpty && field.isEmpty ? records : nil
  }

  @Test("HTML has every text escaped, without what a document must not hold", arguments: texts)
  func html(text: String) {
    var writer = HTMLWriter()
    writer.element("p", [.title(text)]) { $0.name(text, limit: 20_000) }
    let html = writer.html
    let forbidden = html.unicodeScalars.filter { scalar in
      (scalar.value < 0x20 && scalar != "\n" && scalar != "\t") || (0x7f...0x9f).contains(scalar.value)
        || (0xfdd0...0xfdef).contains(scalar.value) || scalar.value & 0xfffe == 0xfffe
    }
    #expect(forbidden.isEmpty)
    #expect(XMLParserCheck(html).problem == nil)
    // The only markup is that of the paragraph, the name, and places where a line may end.
    #expect(html.replacing("<wbr>", with: "").count { $0 == "<" } == 4)
    #expect(html.count { $0 == "\"" } == 2)
  }

  @Test("a name does not turn what stands after it, and is cut where nobody reads on")
  func names() {
    let hostile = "a\u{202e}b\u{2066}c\u{2069}d\u{202b}"
    #expect(HTMLWriter.clipped(hostile) == "a\u{fffd}b\u{fffd}c\u{fffd}d\u{fffd}")
    #expect(HTMLWriter.isolated("x\u{2069}\u{202e}y") == "\u{2068}x\u{fffd}\u{fffd}y\u{2069}")
    #expect(HTMLWriter.clipped(String(repeating: "W", count: 10_000)).count == 121)
  }

  @Test("JSON has every text as it was, in valid UTF-8", arguments: texts)
  func json(text: String) throws {
    let bytes = try ReportJSON.encode(["text": text])
    #expect(String(validating: bytes, as: UTF8.self) != nil)
    #expect(try JSONDocument(bytes).root["text"]?.string == text)
    #expect(!bytes.contains { $0 < 0x20 })
  }

  @Test(
    "a ratio is written in percent with two decimals, half up",
    arguments: [
      (0, 7, "0.00"), (1, 3, "33.33"), (2, 3, "66.67"), (1, 8, "12.50"), (7, 7, "100.00"), (1, 20_000, "0.01"),
      (1, 20_001, "0.00"), (Int64.max, Int64.max, "100.00"), (Int64.max - 1, Int64.max, "100.00"),
    ] as [(Int64, Int64, String)])
  func ratios(part: Int64, whole: Int64, text: String) {
    #expect(Ratio(part, of: whole)?.percentText == text)
  }

  @Test(
    "a chart's scale has two to four steps of 1, 2 or 5, and reaches the largest value",
    arguments: [
      (0, true, ["0", "1", "2"]), (1, true, ["0", "1", "2"]), (3, true, ["0", "1", "2", "3"]),
      (47, true, ["0", "20", "40", "60"]), (100, true, ["0", "50", "100"]), (101, true, ["0", "50", "100", "150"]),
      (2.63, false, ["0", "1", "2", "3"]), (1.2, false, ["0.00", "0.50", "1.00", "1.50"]),
      (0.0003, false, ["0.0000", "0.0001", "0.0002", "0.0003"]),
      (17_283_950, false, ["0", "5000000", "10000000", "15000000", "20000000"]),
    ] as [(Double, Bool, [String])])
  func scales(largest: Double, isWhole: Bool, labels: [String]) {
    let scale = ChartScale(upTo: largest, isWhole: isWhole)
    #expect((0...scale.stepCount).map { scale.text(ofLine: $0, places: isWhole ? 0 : 2) } == labels)
    #expect(scale.top >= largest)
  }
}
