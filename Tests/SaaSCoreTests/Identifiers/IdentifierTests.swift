import Foundation
import SaaSCore
import Testing

@Suite struct IdentifierTests {
  static let good = [
    "a", " ", "clh3v8k1x0000qz", "01J8ZC5M2E3F4G5H6J7K8M9NPQ", "5e0c6f4e-8a51-4e52-9f0e-123456789012", "ü", "😀", "a b",
    "\u{A0}", "\u{200B}", "'; DROP TABLE", String(repeating: "x", count: 255),
  ]

  static let bad: [(String, IdentifierError)] = [
    ("", .empty),
    (String(repeating: "x", count: 256), .tooLong(byteCount: 256)),
    (String(repeating: "é", count: 128), .tooLong(byteCount: 256)),
    ("\u{0}", .controlCharacter(byteOffset: 0)),
    ("a\tb", .controlCharacter(byteOffset: 1)),
    ("a\n", .controlCharacter(byteOffset: 1)),
    ("é\u{7f}", .controlCharacter(byteOffset: 2)),
    ("é\u{85}x", .controlCharacter(byteOffset: 2)),
    ("a\u{9f}", .controlCharacter(byteOffset: 1)),
    ("\r\n", .controlCharacter(byteOffset: 0)),
  ]

  @Test(arguments: good)
  func `a text of the host's own format is an identifier, and comes out as it went in`(text: String) throws {
    let id = try TenantID(text)
    #expect(id.rawValue == text)
    #expect(try JSONDecoder().decode(TenantID.self, from: JSONEncoder().encode(id)) == id)
  }

  @Test(arguments: bad)
  func `a text that is none is refused with the rule`(text: String, error: IdentifierError) {
    #expect(throws: error) { try OrgID(text) }
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(OrgID.self, from: JSONEncoder().encode(text)) }
  }

  @Test func `identifiers that only look alike are different`() throws {
    #expect(try UserID("é") != UserID("e\u{301}"))
    #expect(try UserID("a") != UserID("A"))
    #expect(try [UserID("é"), UserID("z"), UserID("Z")].sorted() == [UserID("Z"), UserID("z"), UserID("é")])
  }
}
