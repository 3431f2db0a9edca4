import Foundation
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

@Suite struct SlugTests {
  static let good = [
    "a", "0", "a-b", "a1", "1a", "team-a", "a-b-c-d", "localhost", "wwww", "api2", "my-api", "x0", "xn-a",
    String(repeating: "a", count: 63),
  ]

  static let bad: [(String, SlugError)] = [
    ("", .empty),
    (String(repeating: "a", count: 64), .tooLong(byteCount: 64)),
    (String(repeating: "-", count: 64), .tooLong(byteCount: 64)),
    ("A", .invalidCharacter(byteOffset: 0)),
    ("teamA", .invalidCharacter(byteOffset: 4)),
    ("a_b", .invalidCharacter(byteOffset: 1)),
    ("a.b", .invalidCharacter(byteOffset: 1)),
    ("a b", .invalidCharacter(byteOffset: 1)),
    ("a ", .invalidCharacter(byteOffset: 1)),
    ("é", .invalidCharacter(byteOffset: 0)),
    ("aé", .invalidCharacter(byteOffset: 1)),
    ("a\u{0}", .invalidCharacter(byteOffset: 1)),
    ("\u{212A}", .invalidCharacter(byteOffset: 0)),
    ("-", .hyphenAtEdge(byteOffset: 0)),
    ("-a", .hyphenAtEdge(byteOffset: 0)),
    ("a-", .hyphenAtEdge(byteOffset: 1)),
    ("a--b", .repeatedHyphen(byteOffset: 2)),
    ("xn--caf-dma", .repeatedHyphen(byteOffset: 3)),
    ("a---b", .repeatedHyphen(byteOffset: 2)),
    ("a--", .hyphenAtEdge(byteOffset: 2)),
    ("www", .reserved(word: "www")), ("admin", .reserved(word: "admin")), ("api", .reserved(word: "api")),
    ("app", .reserved(word: "app")), ("static", .reserved(word: "static")), ("assets", .reserved(word: "assets")),
    ("vercel", .reserved(word: "vercel")),
  ]

  @Test(arguments: good)
  func `a good slug comes out as it went in`(text: String) throws {
    let slug = try Slug(text)
    #expect(slug.rawValue == text)
    #expect(try JSONDecoder().decode(Slug.self, from: JSONEncoder().encode(slug)) == slug)
  }

  @Test(arguments: bad)
  func `a bad one is refused with the rule and the place`(text: String, error: SlugError) {
    #expect(throws: error) { try Slug(text) }
    #expect(throws: DecodingError.self) { try JSONDecoder().decode(Slug.self, from: JSONEncoder().encode(text)) }
  }

  @Test(arguments: UInt64(1)...4)
  func `a text is a slug exactly if the pattern says so`(seed: UInt64) throws {
    var dice = SeededGenerator(seed: seed)
    let pattern = /[a-z0-9]+(-[a-z0-9]+)*/
    for _ in 0..<3_000 {
      let count = [1, 2, 3, 5, 62, 63, 64, 65].randomElement(using: &dice, orElse: 1)
      let text = String((0..<count).map { _ in Array("aaaaaz09-A_").randomElement(using: &dice, orElse: "a") })
      let expected =
        text.wholeMatch(of: pattern) != nil && text.utf8.count <= 63 && !ReservedWords.always.contains(text)
      #expect(((try? Slug(text)) != nil) == expected, "seed \(seed): \(text)")
      // A slug is a host's label, and under a platform domain it is read back.
      guard expected, let slug = try? Slug(text) else { continue }
      let platform = try Platform(domains: ["emperor.gallery"])
      let host = try #require(platform.host(of: slug))
      #expect(platform.classify(host) == .label(0, slug), "seed \(seed): \(text)")
    }
  }

  @Test func `a platform's own words are reserved there and nowhere else`() throws {
    let platform = try Platform(domains: ["emperor.gallery"], reserving: ["status", "help"])
    #expect(throws: SlugError.reserved(word: "status")) { try platform.slug("status") }
    #expect(throws: SlugError.reserved(word: "www")) { try platform.slug("www") }
    #expect(try platform.slug("statuses").rawValue == "statuses")
    #expect(try Slug("status").rawValue == "status")
    #expect(throws: Platform.ConfigurationError.invalidWord("a--b", .repeatedHyphen(byteOffset: 2))) {
      try Platform(domains: ["emperor.gallery"], reserving: ["a--b"])
    }
  }

  @Test func `a platform needs domains that are hosts, each once`() throws {
    #expect(throws: Platform.ConfigurationError.noDomain) { try Platform(domains: []) }
    #expect(throws: Platform.ConfigurationError.repeatedDomain(try HostName("a.example"))) {
      try Platform(domains: ["a.example", "A.example."])
    }
    for bad in ["", "127.0.0.1", "a_b", "a.example:80", "-a", "a..b"] {
      #expect(throws: Platform.ConfigurationError.self) { try Platform(domains: [bad]) }
    }
  }
}
