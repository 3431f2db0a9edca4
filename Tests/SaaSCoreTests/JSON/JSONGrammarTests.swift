import SaaSCore
import SaaSTesting
import Testing

@Suite struct JSONGrammarTests {
  @Test(arguments: [
    "0", "-0", "1", "-1", "10", "1.0", "0.5", "1e5", "1E+5", "1e-5", "0e0", "1.5e10", "\"\"", "\"a\"", "true", "false",
    "null", "[]", "{}", "[ ]", "{ }", " \t\r\n1 \t\r\n", "[1,2]", "[[],[]]", "{\"a\":1,\"b\":{\"c\":[]}}",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\u0000\"", "\"\\ud83d\\ude00\"", "\"\u{7f}\"", "\"ü€😀\"", "{\"\":1}",
    "{\"a\":{\"a\":1},\"b\":{\"a\":1}}", "[\"        \",        1]", "{\"a\":1}",
  ])
  func `is read`(text: String) throws {
    _ = try JSONDocument(text)
  }

  @Test(
    arguments: [
      ("", .unexpectedEnd, 0), ("   ", .unexpectedEnd, 3), ("[", .unexpectedEnd, 1), ("[1", .unexpectedEnd, 2),
      ("[1,", .unexpectedEnd, 3), ("{", .unexpectedEnd, 1), ("{\"a\"", .unexpectedEnd, 4),
      ("{\"a\":", .unexpectedEnd, 5), ("{\"a\":1", .unexpectedEnd, 6), ("\"", .unexpectedEnd, 1),
      ("\"abcdefghij", .unexpectedEnd, 11), ("\"\\", .unexpectedEnd, 2), ("\"\\u12", .unexpectedEnd, 5),
      ("tru", .unexpectedEnd, 3), ("f", .unexpectedEnd, 1), ("-", .unexpectedEnd, 1), ("1.", .unexpectedEnd, 2),
      ("1e", .unexpectedEnd, 2), ("1e+", .unexpectedEnd, 3),
      ("[1,]", .unexpectedCharacter, 3), ("[,1]", .unexpectedCharacter, 1), ("{,}", .unexpectedCharacter, 1),
      ("{\"a\":1,}", .unexpectedCharacter, 7), ("{a:1}", .unexpectedCharacter, 1), ("{1:1}", .unexpectedCharacter, 1),
      ("{\"a\" 1}", .unexpectedCharacter, 5), ("{\"a\"}", .unexpectedCharacter, 4), ("[1 2]", .unexpectedCharacter, 3),
      ("[}", .unexpectedCharacter, 1), ("{]", .unexpectedCharacter, 1), ("[1}", .unexpectedCharacter, 2),
      ("]", .unexpectedCharacter, 0), ("trve", .unexpectedCharacter, 2), ("nil", .unexpectedCharacter, 1),
      ("felse", .unexpectedCharacter, 1), ("falze", .unexpectedCharacter, 3), ("NaN", .unexpectedCharacter, 0),
      ("Infinity", .unexpectedCharacter, 0), ("'a'", .unexpectedCharacter, 0), ("[1,//\n2]", .unexpectedCharacter, 3),
      ("\u{feff}1", .unexpectedCharacter, 0), ("\u{a0}1", .unexpectedCharacter, 0), ("\u{b}1", .unexpectedCharacter, 0),
      ("\u{0}", .unexpectedCharacter, 0), ("1\u{0}", .trailingCharacters, 1), ("+1", .unexpectedCharacter, 0),
      (".5", .unexpectedCharacter, 0), ("1 2", .trailingCharacters, 2), ("[]]", .trailingCharacters, 2),
      ("nullx", .trailingCharacters, 4), ("1.5.2", .trailingCharacters, 3), ("0x1", .trailingCharacters, 1),
      ("01", .malformedNumber, 1), ("-01", .malformedNumber, 2), ("-a", .malformedNumber, 1),
      ("1.a", .malformedNumber, 2), ("[1.]", .malformedNumber, 3), ("[1e]", .malformedNumber, 3),
      ("[-]", .malformedNumber, 2), ("\"\t\"", .controlCharacter, 1), ("\"abcdefgh\u{1f}\"", .controlCharacter, 9),
      ("\"\u{0}\"", .controlCharacter, 1), ("\"\\x\"", .malformedEscape, 2), ("\"\\u12g4\"", .malformedEscape, 5),
      ("\"\\U0041\"", .malformedEscape, 2), ("\"\\ud800\"", .loneSurrogate, 1), ("\"a\\udc00\"", .loneSurrogate, 2),
      ("\"\\ud800\\ud800\"", .loneSurrogate, 1), ("\"\\ud800\\n\"", .loneSurrogate, 1),
      ("\"\\ud800x\"", .loneSurrogate, 1), ("{\"a\":1,\"a\":2}", .duplicateName, 8),
      ("{\"ab\":1,\"\\u0061b\":2}", .duplicateName, 9), ("[{\"x\":{\"\":1,\"y\":2,\"\":3}}]", .duplicateName, 19),
    ] as [(String, JSONError.Reason, Int)])
  func `is refused with reason and byte`(text: String, reason: JSONError.Reason, byteOffset: Int) {
    #expect(throws: JSONError(reason, byteOffset: byteOffset)) { try JSONDocument(text) }
  }

  /// Well-formed and ill-formed sequences around each limit of the Unicode Standard's table 3-7.
  @Test(
    arguments: [
      ([0xc2, 0x80], true), ([0xdf, 0xbf], true), ([0xe0, 0xa0, 0x80], true), ([0xed, 0x9f, 0xbf], true),
      ([0xee, 0x80, 0x80], true), ([0xef, 0xbf, 0xbf], true), ([0xf0, 0x90, 0x80, 0x80], true),
      ([0xf4, 0x8f, 0xbf, 0xbf], true), ([0x80], false), ([0xbf], false), ([0xc0, 0x80], false), ([0xc1, 0xbf], false),
      ([0xc2], false), ([0xc2, 0x41], false), ([0xc2, 0xc2], false), ([0xe0, 0x9f, 0xbf], false),
      ([0xe1, 0x80], false), ([0xe1, 0x80, 0x41], false), ([0xed, 0xa0, 0x80], false), ([0xed, 0xbf, 0xbf], false),
      ([0xf0, 0x8f, 0xbf, 0xbf], false), ([0xf1, 0x80, 0x80], false), ([0xf4, 0x90, 0x80, 0x80], false),
      ([0xf5, 0x80, 0x80, 0x80], false), ([0xff], false), ([0xfe], false),
    ] as [([UInt8], Bool)])
  func `text is UTF-8 or refused where it is not`(sequence: [UInt8], isValid: Bool) throws {
    for lead in 0..<20 {
      let text = Array(repeating: UInt8(0x61), count: lead) + sequence + Array("bc".utf8)
      let bytes = [0x22] + text + [0x22]
      if isValid {
        #expect(try JSONDocument(bytes).root.string == String(validating: text, as: UTF8.self))
      } else {
        #expect(throws: JSONError(.invalidUTF8, byteOffset: 1 + lead)) { try JSONDocument(bytes) }
      }
    }
  }

  @Test(arguments: ["[", "{\"a\":"])
  func `depth ends where the caller says, and cannot exhaust the stack`(opener: String) throws {
    func nested(_ depth: Int) -> String {
      String(repeating: opener, count: depth) + "1" + String(repeating: opener == "[" ? "]" : "}", count: depth)
    }
    _ = try JSONDocument(nested(64))
    #expect(throws: JSONError(.tooDeep, byteOffset: 64 * opener.utf8.count)) { try JSONDocument(nested(65)) }
    _ = try JSONDocument("1", maximumDepth: 0)
    #expect(throws: JSONError(.tooDeep, byteOffset: 0)) { try JSONDocument("[]", maximumDepth: 0) }
    _ = try JSONDocument(nested(200_000), maximumDepth: 200_000)
    #expect(throws: JSONError.self) {
      try JSONDocument(String(repeating: opener, count: 200_000), maximumDepth: .max)
    }
  }

  @Test(arguments: [2, 47, 48, 49, 1_000])
  func `a repeated name is found among few and many`(count: Int) throws {
    let names = (0..<count).map { "\"name \($0)\":\($0)" }
    _ = try JSONDocument("{" + names.joined(separator: ",") + "}")
    for repeated in [0, count / 2, count - 1] {
      let text = "{" + names.joined(separator: ",") + ",\"name \(repeated)\":-1}"
      let offset = text.utf8.count - "name \(repeated)\":-1}".utf8.count
      #expect(throws: JSONError(.duplicateName, byteOffset: offset)) { try JSONDocument(text) }
      let document = try JSONDocument(text, duplicateNames: .lastWins)
      #expect(document.root["name \(repeated)"]?.int64 == -1)
      #expect(document.root.members.map(\.name).count == count + 1)
    }
  }

  @Test(arguments: UInt64(1)...8)
  func `altered texts are accepted exactly where the grammar, read letter by letter, accepts them`(
    seed: UInt64
  ) throws {
    var dice = SeededGenerator(seed: seed)
    let letters = Array("{}[]\",:\\u0019aefltrns.+- \n\t".utf8) + [0xc3, 0xa9, 0xff]
    for _ in 0..<400 {
      var bytes = Array(JSONSample.random(depth: 3, using: &dice).rendered(using: &dice).utf8)
      for _ in 0..<Int.random(in: 0...2, using: &dice) where !bytes.isEmpty {
        let place = Int.random(in: 0..<bytes.count, using: &dice)
        switch Int.random(in: 0..<3, using: &dice) {
        case 0: bytes.remove(at: place)
        case 1: bytes[place] = letters[Int.random(in: 0..<letters.count, using: &dice)]
        default: bytes.insert(letters[Int.random(in: 0..<letters.count, using: &dice)], at: place)
        }
      }
      let ours = (try? JSONDocument(bytes, duplicateNames: .lastWins)) != nil
      #expect(ours == JSONGrammar.accepts(bytes), "seed \(seed): \(String(decoding: bytes, as: UTF8.self))")
    }
  }
}
