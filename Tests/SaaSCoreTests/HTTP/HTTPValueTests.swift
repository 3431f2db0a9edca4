import SaaSCore
import SaaSTesting
import Testing

@Suite struct HTTPValueTests {
  @Test(arguments: [
    "https://api.stripe.com", "http://127.0.0.1:8080", "https://[::1]:443/a", "https://a.b/", "https://a/b%20c?d=e&f",
    "https://a?b", "https://a/;b=c/(d)!*'@:$,~", "https://a-b_c.d/?",
  ])
  func `a URL is read and written as it was`(text: String) throws {
    #expect(try HTTPURL(text).description == text)
  }

  @Test(
    arguments: [
      ("", .scheme), ("a.b/c", .scheme), ("ftp://a", .scheme), ("//a", .scheme), ("https:/a", .scheme),
      ("https://", .host), ("https:///a", .host), ("https://a b", .host), ("https://u@a", .host),
      ("https://u:p@a", .port),
      ("https://a%2eb", .host), ("https://é", .host), ("https://[::1", .host), ("https://[]", .host),
      ("https://[::g]", .host), ("https://a\r\nb", .host), ("https://a:0", .port), ("https://a:65536", .port),
      ("https://a:b", .port), ("https://a:+1", .port), ("https://a/b c", .path), ("https://a/%2", .path),
      ("https://a/%zz", .path), ("https://a/\n", .path), ("https://a/é", .path), ("https://a/\"", .path),
      ("https://a?b c", .query), ("https://a?%", .query), ("https://a/#b", .fragment), ("https://a?b#", .fragment),
    ] as [(String, HTTPURLError)])
  func `what is no URL is refused by its part`(text: String, error: HTTPURLError) {
    #expect(throws: error) { try HTTPURL(text) }
  }

  @Test func `segments and pairs are encoded whole`() throws {
    let base = try HTTPURL("HTTPS://API.example.com:8443/base/?old=1")
    #expect(
      try base.appending(path: "v1", "a/b?c#d é").description
        == "https://api.example.com:8443/base/v1/a%2Fb%3Fc%23d%20%C3%A9")
    #expect(base.appending(query: [("a[0]", "b&c=d"), ("e", "")]).query == "old=1&a%5B0%5D=b%26c%3Dd&e=")
    #expect(base.appending(query: []).query == "old=1")
    #expect(try HTTPURL("https://a?").appending(query: [("b", "c")]).description == "https://a?b=c")
    for segment in ["", ".", ".."] {
      #expect(throws: HTTPURLError.path) { try base.appending(path: "v1", segment) }
    }
  }

  @Test func `header fields keep their order and ignore case`() throws {
    var headers = HTTPHeaders()
    try headers.append("Set-Cookie", "a")
    try headers.append("X-One", " \t1 ")
    try headers.append("set-cookie", "b")
    #expect(headers["SET-COOKIE"] == "a")
    #expect(headers.values(of: "Set-cookie") == ["a", "b"])
    #expect(headers["x-one"] == "1")
    #expect(headers["x-on"] == nil)
    try headers.set("SET-COOKIE", "c")
    #expect(headers.fields.map(\.name) == ["X-One", "SET-COOKIE"])
    #expect(throws: HTTPHeaderError.invalidValue(name: "x-one")) { try headers.set("x-one", "a\r\nb: c") }
    #expect(headers["x-one"] == "1")
    headers.remove("x-ONE")
    #expect(headers.fields.count == 1)
  }

  @Test(arguments: ["", "a b", "a:", "a\n", "é", "(a)"])
  func `a name that would break the message is refused`(name: String) {
    var headers = HTTPHeaders()
    #expect(throws: HTTPHeaderError.invalidName) { try headers.append(name, "1") }
  }

  @Test(arguments: ["a\r\nb", "a\nb", "\u{0}", "a\u{7f}"])
  func `a value that would break the message is refused`(value: String) {
    var headers = HTTPHeaders()
    #expect(throws: HTTPHeaderError.invalidValue(name: "a")) { try headers.append("a", value) }
  }

  @Test func `no description of a request shows what may be secret`() throws {
    var headers = HTTPHeaders()
    try headers.append("Authorization", "Bearer hidden")
    let request = HTTPRequest(
      .post, try HTTPURL("https://a/b?token=hidden"), headers: headers, body: Array("hidden".utf8))
    var dumped = ""
    dump(request, to: &dumped)
    dump(headers, to: &dumped)
    for text in [
      "\(request)", String(reflecting: request), "\([request])", "\(headers)", String(reflecting: headers), dumped,
    ] {
      #expect(!text.contains("hidden"), "\(text)")
    }
    #expect("\(request)" == "POST https://a/b")
  }

  @Test(
    arguments: [
      ("Sun, 06 Nov 1994 08:49:37 GMT", 784_111_777), ("Sunday, 06-Nov-94 08:49:37 GMT", 784_111_777),
      ("Sun Nov  6 08:49:37 1994", 784_111_777), ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
      ("Thu, 29 Feb 2024 23:59:60 GMT", 1_709_251_200), ("Monday, 01-Jan-75 00:00:00 GMT", 3_313_526_400),
      ("Monday, 01-Jan-76 00:00:00 GMT", 189_302_400), ("Sun, 06 Nov 1994 08:49:37 UTC", nil),
      ("06 Nov 1994 08:49:37 GMT", nil), ("Sun, 6 Nov 1994 08:49:37 GMT", nil), ("Sun, 31 Feb 1994 08:49:37 GMT", nil),
      ("Sun, 06 nov 1994 08:49:37 GMT", nil), ("Sun, 06 Nov 1994 24:00:00 GMT", nil),
      ("Sun, 06 Nov 1994 08:49 GMT", nil), ("Sun, 06 Nov 94 08:49:37 GMT", nil), ("", nil), ("0", nil),
      ("Sun, 06 Nov 1994 08:49:+7 GMT", nil),
    ] as [(String, Int64?)])
  func `an HTTP date is read in its three forms`(text: String, seconds: Int64?) {
    let now = Timestamp(seconds: 1_750_000_000)
    #expect(Timestamp(httpDate: text, at: now) == seconds.map(Timestamp.init(seconds:)))
  }
}
