import SaaSCore
import SaaSTesting
import Testing

@testable import TenancyKit

@Suite("Names as customers type them")
struct DomainNameTests {
  @Test(
    "become the host that the DNS knows",
    arguments: [
      ("shop.example.com", "shop.example.com"),
      ("Shop.Example.COM.", "shop.example.com"),
      ("faß.de", "xn--fa-hia.de"),
      ("☃.net", "xn--n3h.net"),
      ("BÜCHER.example", "xn--bcher-kva.example"),
      ("xn--bcher-kva.example", "xn--bcher-kva.example"),
      ("XN--BCHER-KVA.example", "xn--bcher-kva.example"),
      ("日本語。jp", "xn--wgv71a119e.jp"),
      ("bücher．example", "xn--bcher-kva.example"),
      ("bücher｡example", "xn--bcher-kva.example"),
      ("ｂｕｅｃｈｅｒ.example", "buecher.example"),
      ("soft\u{ad}hyphen.de", "softhyphen.de"),
      ("a\u{301}.de", "xn--1ca.de"),
      ("ς.gr", "xn--3xa.gr"),
      ("א1.com", "xn--1-zhc.com"),
      ("न\u{94d}\u{200d}.com", "xn--l2b8ev54f.com"),
      ("l·l.cat", "xn--ll-0ea.cat"),
      ("r3---sn.example", "r3---sn.example"),
    ])
  func accepted(text: String, host: String) throws {
    let name = try DomainName(text)
    #expect(name.host.rawValue == host)
    #expect(try DomainName(name.unicode).host == name.host, "what is shown leads back")
    #expect(try DomainName(name.host.rawValue) == name, "the encoded form says the same")
  }

  @Test(
    "are refused with the reason",
    arguments: [
      ("", .notAHost(.empty)),
      ("a..b", .notAHost(.emptyLabel)),
      ("ü..de", .notAHost(.emptyLabel)),
      ("\u{ad}.de", .notAHost(.emptyLabel)),
      ("under_score.de", .notAHost(.invalidCharacter)),
      ("ünder_score.de", .notAHost(.invalidCharacter)),
      ("https://bücher.de/", .notAHost(.invalidCharacter)),
      ("bücher.de/", .notAHost(.invalidCharacter)),
      ("bücher.de:80", .notAHost(.invalidCharacter)),
      ("ex%C3%BC.de", .notAHost(.invalidCharacter)),
      ("user@bücher.de", .notAHost(.invalidCharacter)),
      ("bü cher.de", .notAHost(.invalidCharacter)),
      ("bücher.de\n", .notAHost(.invalidCharacter)),
      ("127.0.0.1", .notAHost(.ipAddress)),
      ("１２７.0.0.1", .notAHost(.ipAddress)),
      ("ü.0x7f", .notAHost(.ipAddress)),
      ("[::1]", .notAHost(.ipAddress)),
      ("-ü.de", .notAHost(.hyphenAtEdge)),
      ("ab--ü.de", .reservedHyphens(label: "ab--ü")),
      ("\u{301}ü.de", .leadingMark(label: "\u{301}ü")),
      ("a\u{200d}b.de", .misplacedJoiner(label: "a\u{200d}b")),
      ("אa.com", .mixedDirections(label: "אa")),
      ("1א.com", .mixedDirections(label: "1א")),
      ("\u{378}.de", .disallowedCharacter("\u{378}", label: "\u{378}")),
      ("\u{e000}.de", .disallowedCharacter("\u{e000}", label: "\u{e000}")),
      ("xn--a.de", .notEncodedRightly(label: "xn--a")),
      ("xn--zzzzzz999999.de", .notEncodedRightly(label: "xn--zzzzzz999999")),
      ("xn--abc-.de", .notAHost(.hyphenAtEdge)),
      ("xn--fass-.de", .notAHost(.hyphenAtEdge)),
      ("xn--", .notAHost(.hyphenAtEdge)),
      ("xn--BCHER-KVA\u{301}.de", .notEncodedRightly(label: "xn--BCHER-KVA\u{301}")),
      ("xn--a-ecb.de", .notEncodedRightly(label: "xn--a-ecb")),
      ("xn--11b.xn--a\u{fc}.de", .notEncodedRightly(label: "xn--a\u{fc}")),
      (String(repeating: "ü", count: 64) + ".de", .notAHost(.labelTooLong)),
      (String(repeating: "a.", count: 600) + "de", .notAHost(.tooLong)),
      (String(repeating: "a.", count: 200) + "de", .notAHost(.tooLong)),
    ] as [(String, DomainNameError)])
  func refused(text: String, reason: DomainNameError) {
    #expect(throws: reason) { try DomainName(text) }
  }

  @Test(
    "are refused where they come encoded and are never written so",
    arguments: [
      "bÜcher", "bu\u{308}cher", "ｂücher", "soft\u{ad}hyphén", "a\u{200d}é", "אa", "ascii", "\u{301}é", "é.é",
    ])
  func wronglyEncoded(label: String) throws {
    let encoded = try #require(Punycode.encode(Array(label.unicodeScalars)).map { String(decoding: $0, as: UTF8.self) })
    #expect(throws: DomainNameError.self) { try DomainName("xn--\(encoded).example") }
  }

  @Test(
    "are flagged where they may mislead",
    arguments: [
      ("shop.example", []),
      ("bücher.example", []),
      ("日本語ラーメンramen.jp", []),
      ("яндекс.рф", []),
      ("ελλάδα.gr", []),
      (
        "pаypal.com",
        [
          .mixedScripts(label: "pаypal", scripts: [.latin, .cyrillic]),
          .lookalike(label: "pаypal", of: "paypal"),
        ]
      ),
      ("аррӏе.com", [.lookalike(label: "аррӏе", of: "appie")]),
      ("ѕсоре.com", [.lookalike(label: "ѕсоре", of: "scope")]),
      (
        "gοοgle.com",
        [.mixedScripts(label: "gοοgle", scripts: [.latin, .greek]), .lookalike(label: "gοοgle", of: "google")]
      ),
      ("օո.com", [.lookalike(label: "օո", of: "on")]),
      ("gıthub.com", [.lookalike(label: "gıthub", of: "github")]),
      ("漢я.com", [.mixedScripts(label: "漢я", scripts: [.han, .cyrillic])]),
      ("☃.net", [.signs(label: "☃")]),
      (
        "xn--pypal-4ve.com",
        [
          .mixedScripts(label: "pаypal", scripts: [.latin, .cyrillic]), .lookalike(label: "pаypal", of: "paypal"),
        ]
      ),
    ] as [(String, [DomainNameFlag])])
  func flagged(text: String, flags: [DomainNameFlag]) throws {
    #expect(try DomainName(text).flags == flags)
  }

  @Test(
    "Punycode follows RFC 3492's own samples",
    arguments: [
      ("ليهمابتكلموشعربي؟", "egbpdaj6bu4bxfgehfvwxn"),
      ("他们为什么不说中文", "ihqwcrb4cv8a8dqg056pqjye"),
      ("Pročprostěnemluvíčesky", "Proprostnemluvesky-uyb24dma41a"),
      ("למההםפשוטלאמדבריםעברית", "4dbcagdahymbxekheh6e0a7fei0b"),
      ("почемужеонинеговорятпорусски", "b1abfaaepdrnnbgefbadotcwatmq2g4l"),
      ("3年B組金八先生", "3B-ww4c5e180e575a65lsy2b"),
      ("-> $1.00 <-", "-> $1.00 <--"),
    ])
  func samples(text: String, encoding: String) {
    let scalars = Array(text.unicodeScalars)
    #expect(Punycode.encode(scalars).map { String(decoding: $0, as: UTF8.self) } == encoding)
    #expect(Punycode.decode(encoding.utf8) == scalars)
  }

  @Test("Punycode brings back whatever it encoded, and never traps on noise") func punycodeRoundTrip() {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<2_000 {
      let ceiling: UInt32 = [0x80, 0x500, 0x1_0000, 0x10_ffff].randomElement(using: &random) ?? 0x80
      let scalars = (0..<Int.random(in: 0...40, using: &random)).compactMap { _ in
        Unicode.Scalar(UInt32.random(in: 0...ceiling, using: &random))
      }
      let encoded = Punycode.encode(scalars) ?? []
      #expect(Punycode.decode(encoded) == scalars, "seed 11")
      let noise = (0..<Int.random(in: 0...30, using: &random)).map { _ in
        UInt8.random(in: 0x2d...0x7b, using: &random)
      }
      if let decoded = Punycode.decode(noise) { #expect(decoded.count <= noise.count) }
    }
  }

  @Test("any name that is taken is a host, and leads back to itself") func randomNames() {
    let alphabet = Array("abcxn--..üßאبя漢\u{301}\u{200d}\u{ad}☃１。_%@ /ıİΣς·".unicodeScalars)
    var random = SeededGenerator(seed: 12)
    var taken = 0
    for _ in 0..<3_000 {
      var view = String.UnicodeScalarView()
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        if let scalar = alphabet.randomElement(using: &random) { view.append(scalar) }
      }
      let text = String(view)
      guard let name = try? DomainName(text) else { continue }
      taken += 1
      #expect((try? HostName(name.host.rawValue)) == name.host, "seed 12: \(text)")
      #expect((try? DomainName(name.unicode)) == name, "seed 12: \(text)")
    }
    #expect(taken > 200)
  }
}
