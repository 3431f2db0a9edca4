import TenancyKit
import Testing

@Suite("The public suffix list")
struct PublicSuffixListTests {
  static let file = """
    // A list in the public format.

    // ===BEGIN ICANN DOMAINS===
    com
    uk
    co.uk   which is followed by a remark
    jp
    *.kawasaki.jp
    !city.kawasaki.jp
    *.ck
    !www.ck
    公司.cn
    cn
    // ===END ICANN DOMAINS===
    // ===BEGIN PRIVATE DOMAINS===
    vercel.app
    blogspot.com
    *.compute.example.com
    // ===END PRIVATE DOMAINS===
    """

  @Test(
    "finds the suffix and what was registered under it",
    arguments: [
      ("com", "com", nil),
      ("example.com", "com", "example.com"),
      ("shop.example.com", "com", "example.com"),
      ("co.uk", "co.uk", nil),
      ("shop.example.co.uk", "co.uk", "example.co.uk"),
      ("kawasaki.jp", "jp", "kawasaki.jp"),
      ("other.kawasaki.jp", "other.kawasaki.jp", nil),
      ("a.b.other.kawasaki.jp", "other.kawasaki.jp", "b.other.kawasaki.jp"),
      ("city.kawasaki.jp", "kawasaki.jp", "city.kawasaki.jp"),
      ("a.city.kawasaki.jp", "kawasaki.jp", "city.kawasaki.jp"),
      ("ck", "ck", nil),
      ("any.ck", "any.ck", nil),
      ("www.ck", "ck", "www.ck"),
      ("a.www.ck", "ck", "www.ck"),
      ("xn--55qx5d.cn", "xn--55qx5d.cn", nil),
      ("shop.xn--55qx5d.cn", "xn--55qx5d.cn", "shop.xn--55qx5d.cn"),
      ("vercel.app", "vercel.app", nil),
      ("mine.vercel.app", "vercel.app", "mine.vercel.app"),
      ("x.compute.example.com", "x.compute.example.com", nil),
      ("compute.example.com", "com", "example.com"),
      ("unknown", "unknown", nil),
      ("shop.example.unknown", "unknown", "example.unknown"),
    ] as [(String, String, String?)])
  func suffixes(host: String, suffix: String, registered: String?) throws {
    let list = try PublicSuffixList(Self.file)
    let host = try HostName(host)
    #expect(list.suffix(of: host).rawValue == suffix)
    #expect(list.registeredName(of: host)?.rawValue == registered)
    #expect(list.isPublicSuffix(host) == (registered == nil))
  }

  @Test("reads lines with any line end, and counts the rules") func lineEnds() throws {
    #expect(try PublicSuffixList("com\r\n// remark\r\n\r\nco.uk\r\n").count == 2)
    #expect(try PublicSuffixList(Self.file).count == 13)
  }

  @Test("is refused as a whole where a line is no rule or none is there") func refusals() {
    #expect(throws: PublicSuffixList.FormatError.invalidRule(line: 2)) { try PublicSuffixList("com\n<html>\n") }
    #expect(throws: PublicSuffixList.FormatError.invalidRule(line: 1)) { try PublicSuffixList("a.*.com") }
    #expect(throws: PublicSuffixList.FormatError.noRules) { try PublicSuffixList("// nothing\n") }
    #expect(throws: PublicSuffixList.FormatError.noRules) { try PublicSuffixList("") }
  }
}
