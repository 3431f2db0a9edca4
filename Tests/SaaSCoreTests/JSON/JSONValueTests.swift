import SaaSCore
import SaaSTesting
import Testing

@Suite struct JSONValueTests {
  private func sample(_ value: JSONValue) throws -> JSONSample {
    switch value.kind {
    case .object: .object(try value.members.map { ($0.name, try sample($0.value)) })
    case .array: .array(try value.elements.map(sample))
    case .string: .string(try value.requiredString())
    case .number: .number(try value.requiredDecimalText())
    case .boolean: .bool(try value.requiredBool())
    case .null: .null
    }
  }

  /// Every value within a value, itself included.
  private func all(_ value: JSONValue) -> [JSONValue] {
    [value] + value.elements.flatMap(all) + value.members.flatMap { all($0.value) }
  }

  @Test(arguments: UInt64(1)...200)
  func `what was written is what is read`(seed: UInt64) throws {
    var dice = SeededGenerator(seed: seed)
    let expected = JSONSample.random(depth: 4, using: &dice)
    let text = expected.rendered(using: &dice)
    let root = try JSONDocument(text).root
    #expect(try sample(root) == expected, "seed \(seed): \(text)")
    for value in all(root) {
      for member in value.members {
        #expect(value[member.name].map { $0.path } == member.value.path, "seed \(seed)")
      }
      #expect(follow(value.path, from: root)?.path == value.path, "seed \(seed): \(value.path)")
    }
  }

  /// Follows a JSON Pointer step by step.
  private func follow(_ path: String, from root: JSONValue) -> JSONValue? {
    var value: JSONValue? = root
    for step in path.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      if value?.kind == .array {
        value = Int(step).flatMap { number in value?.elements.dropFirst(number).first { _ in true } }
      } else {
        value = value?[String(step).replacing("~1", with: "/").replacing("~0", with: "~")]
      }
    }
    return value
  }

  @Test func `a path is a JSON Pointer`() throws {
    let root = try JSONDocument(#"{"plans":[{"id":1},{"a/b":[true,{"~":null}]}],"m":{"n":2}}"#).root
    #expect(
      all(root).map(\.path) == [
        "", "/plans", "/plans/0", "/plans/0/id", "/plans/1", "/plans/1/a~1b", "/plans/1/a~1b/0", "/plans/1/a~1b/1",
        "/plans/1/a~1b/1/~0", "/m", "/m/n",
      ])
  }

  @Test(
    arguments: [
      ("0", 0), ("-0", 0), ("9223372036854775807", .max), ("-9223372036854775808", .min), ("42", 42), ("-1", -1),
      ("9223372036854775808", nil), ("-9223372036854775809", nil), ("99999999999999999999999", nil), ("1.0", nil),
      ("1e3", nil), ("\"1\"", nil), ("true", nil), ("null", nil),
    ] as [(String, Int64?)])
  func `a whole number is read exactly or not at all`(text: String, expected: Int64?) throws {
    #expect(try JSONDocument(text).root.int64 == expected)
  }

  @Test(arguments: ["0.000000000000000000000001", "12.500", "1e-7", "123456789012345678901234567890", "-0.0"])
  func `a number keeps its exact text`(text: String) throws {
    #expect(try JSONDocument("[ \(text) ]").root.elements.first?.decimalText == text)
  }

  @Test func `a question that does not fit is answered with nil`() throws {
    let root = try JSONDocument(#"{"text":"1","number":1,"truth":true,"nothing":null,"list":[1],"object":{"a":1}}"#)
      .root
    #expect(root["missing"] == nil)
    #expect(root["text"]?["a"] == nil)
    #expect(root["list"]?["a"] == nil)
    #expect(root["number"]?.string == nil)
    #expect(root["text"]?.int64 == nil)
    #expect(root["text"]?.decimalText == nil)
    #expect(root["number"]?.bool == nil)
    #expect(root["nothing"]?.isNull == true)
    #expect(root["nothing"]?.string == nil)
    #expect(root["object"]?.elements.first == nil)
    #expect(root["list"]?.members.map(\.name) == [])
    #expect(root["text"]?.isString("1") == true)
    #expect(root["text"]?.isString("12") == false)
    #expect(root["number"]?.isString("1") == false)
    #expect(root["number"]?.withUTF8 { $0.count } == nil)
    #expect(root["text"]?.withUTF8 { $0[0] } == 0x31)
  }

  @Test func `a name with escapes is found by its characters, and a name is compared byte by byte`() throws {
    let root = try JSONDocument(#"{"\u0061b":1,"e\u0301":2,"":3,"long name of many bytes":4}"#).root
    #expect(root["ab"]?.int64 == 1)
    #expect(root["e\u{301}"]?.int64 == 2)
    #expect(root["\u{e9}"] == nil)
    #expect(root[""]?.int64 == 3)
    #expect(root["long name of many bytes"]?.int64 == 4)
    #expect(root["long name of many bytez"] == nil)
  }

  @Test func `what is missing or of another kind is told with its place`() throws {
    let root = try JSONDocument(#"{"plans":[{"id":7,"limit":1.5}]}"#).root
    let plan = try #require(try root.required("plans").requiredElements().first { _ in true })
    #expect(throws: JSONShapeError(path: "/plans/0", expected: .member("name"), found: .object)) {
      try plan.required("name")
    }
    #expect(throws: JSONShapeError(path: "/plans/0/id", expected: .kind(.string), found: .number)) {
      try plan.required("id").requiredString()
    }
    #expect(throws: JSONShapeError(path: "/plans/0/limit", expected: .int64, found: .number)) {
      try plan.required("limit").requiredInt64()
    }
    #expect(throws: JSONShapeError(path: "/plans", expected: .kind(.object), found: .array)) {
      try root.required("plans").required("x")
    }
    #expect(throws: JSONShapeError(path: "/plans", expected: .kind(.object), found: .array)) {
      try root.required("plans").requiredMembers()
    }
    #expect(throws: JSONShapeError(path: "", expected: .kind(.array), found: .object)) { try root.requiredElements() }
    #expect(throws: JSONShapeError(path: "", expected: .kind(.boolean), found: .object)) { try root.requiredBool() }
    #expect(throws: JSONShapeError(path: "", expected: .kind(.number), found: .object)) {
      try root.requiredDecimalText()
    }
  }

  @Test func `a value outlives its document`() throws {
    var document: JSONDocument? = try JSONDocument(#"["kept"]"#)
    let value = document?.root.elements.first
    document = nil
    #expect(value?.string == "kept")
  }
}
