internal import SaaSCore
internal import SaaSTesting
internal import Testing
internal import UsageKit

@Suite("Lines of runs and events")
struct UsageLineTests {
  static let run =
    #"{"type":"run","runId":"r1","orgId":"o1","userId":"u1","workflow":"review","startedAt":"2026-05-01T12:00:00Z","#
    + #""finishedAt":"2026-05-01T12:00:01.5Z","outcome":"succeeded","artifactCount":2}"#
  static let event =
    #"{"type":"event","eventId":"e1","orgId":"o1","runId":"r1","stepId":"s1","provider":"openai","model":"gpt-4o","#
    + #""promptTokens":100,"cachedPromptTokens":40,"cacheWritePromptTokens":10,"completionTokens":7,"#
    + #""serviceTier":"flex","durationMs":1500,"resultSize":99,"createdAt":"2026-05-01T12:00:00.25Z"}"#

  @Test("are read with every value")
  func values() throws {
    let results = try decode(Self.run + "\n" + Self.event, .ndjson)
    let start = try Timestamp(iso8601: "2026-05-01T12:00:00Z")
    let run = try Run(
      id: RunID("r1"), userID: UserID("u1"), workflow: WorkflowName("review"), startedAt: start,
      finishedAt: start + .milliseconds(1_500), outcome: .succeeded, artifactCount: 2)
    let event = try UsageEvent(
      id: EventID("e1"), runID: RunID("r1"), stepID: StepID("s1"), provider: ProviderName("openai"),
      model: ModelName("gpt-4o"),
      tokens: TokenCounts(prompt: 100, cachedPrompt: 40, cacheWritePrompt: 10, completion: 7),
      serviceTier: ServiceTier("flex"), durationMilliseconds: 1_500, resultSize: 99,
      createdAt: start + .milliseconds(250))
    #expect(
      try results == [
        .line(number: 1, .run(run, organizationID: OrgID("o1"))),
        .line(number: 2, .event(event, organizationID: OrgID("o1"))),
      ])
  }

  @Test("in CSV have the same columns in any order, and ignore others")
  func csv() throws {
    let text =
      "\u{feff}note,createdAt,eventId,orgId,runId,provider,model,promptTokens,completionTokens,durationMs,resultSize\r\n"
      + "\"two\nlines\",2026-05-01T12:00:00Z,\"e\"\"1\",o1,r1,p,\"m,1\",1,2,3,4\r\n"
      + "\n,2026-05-01T12:00:00Z,e2,o1,r1,p,m,x,2,3,4\r\n,2026-05-01T12:00:00Z,e3,o1,r1,p,m,1,2,3,4"
    let results = try decode(text, .csv)
    #expect(results.count == 3)
    guard case .line(2, .event(let event, _)) = results[0], case .line(6, .event(let last, _)) = results[2] else {
      Issue.record("\(results)")
      return
    }
    #expect(event.id.rawValue == "e\"1")
    #expect(event.model.rawValue == "m,1")
    #expect(results[1] == .bad(BadUsageLine(number: 5, fault: .malformed(.promptTokens))))
    #expect(last.id.rawValue == "e3")
  }

  @Test(
    "that are bad are told with the reason",
    arguments: [
      ("{", .json(JSONError(.unexpectedEnd, byteOffset: 1))), ("[]", .notAnObject), ("7", .notAnObject),
      ("{}", .missing(.type)), (#"{"type":"Run"}"#, .unknownType("Run")), (#"{"type":1}"#, .malformed(.type)),
      (replaced("\"runId\":\"r1\",", ""), .missing(.runID)), (replaced("\"r1\"", "null"), .missing(.runID)),
      (replaced("\"r1\"", "1"), .malformed(.runID)), (replaced("\"r1\"", "\"\""), .identifier(.runID, .empty)),
      (replaced("\"o1\"", "\"\\u0000\""), .identifier(.orgID, .controlCharacter(byteOffset: 0))),
      (replaced("succeeded", "done"), .unknownOutcome("done")),
      (replaced("\"artifactCount\":2", "\"artifactCount\":-1"), .value(.negative(.artifactCount))),
      (replaced("\"artifactCount\":2", "\"artifactCount\":2.0"), .malformed(.artifactCount)),
      (replaced("\"artifactCount\":2", "\"artifactCount\":\"2\""), .malformed(.artifactCount)),
      (replaced("\"artifactCount\":2", "\"artifactCount\":99999999999999999999"), .malformed(.artifactCount)),
      (replaced(",\"artifactCount\":2", ""), .missing(.artifactCount)),
      (replaced("12:00:01.5Z", "11:59:59Z"), .value(.finishedBeforeStart)),
      (replaced("succeeded", "running"), .value(.outcomeWithoutEnd)),
      (replaced("2026-05-01T12:00:00Z", "1969-12-31T23:59:59Z"), .value(.before1970(.startedAt))),
    ] as [(String, UsageLineFault)])
  func faults(line: String, fault: UsageLineFault) throws {
    #expect(try decode(Self.event + "\n" + line + "\n", .ndjson).last == .bad(BadUsageLine(number: 2, fault: fault)))
  }

  private static func replaced(_ part: String, _ other: String) -> String {
    run.split(separator: part, omittingEmptySubsequences: false).joined(separator: other)
  }

  @Test(
    "of events that cannot be are told with the reason",
    arguments: [
      ("\"promptTokens\":100", "\"promptTokens\":49", .value(.partsExceedPrompt(parts: 50, prompt: 49))),
      (
        "\"promptTokens\":100", "\"promptTokens\":1000000001",
        .value(.tooLarge(.promptTokens, maximum: UsageBounds.tokens))
      ),
      ("\"completionTokens\":7,", "", .missing(.completionTokens)),
      ("\"durationMs\":1500", "\"durationMs\":-5", .value(.negative(.durationMilliseconds))),
      ("\"durationMs\":1500", "\"durationMs\":9223372036854775808", .malformed(.durationMilliseconds)),
      ("2026-05-01T12:00:00.25Z", "9999-12-31T23:59:60Z", nil), ("2026-05-01T12:00:00.25Z", "2026-05-01", nil),
    ] as [(String, String, UsageLineFault?)])
  func eventFaults(part: String, other: String, fault: UsageLineFault?) throws {
    let line = Self.event.split(separator: part, omittingEmptySubsequences: false).joined(separator: other)
    guard case .bad(let bad) = try decode(line, .ndjson).first else {
      Issue.record("read: \(line)")
      return
    }
    if let fault {
      #expect(bad.fault == fault)
    } else if case .instant(.createdAt, _) = bad.fault {
      // As it should be; the parser's own error is tested with it.
    } else {
      Issue.record("\(bad)")
    }
  }

  @Test("may lack what is optional, and hold what is not known")
  func optional() throws {
    let line =
      #"{"later":{"x":[1]},"type":"event","eventId":"e","orgId":"o","runId":"r","stepId":null,"provider":"p","model":"m","#
      + #""promptTokens":1,"completionTokens":0,"durationMs":0,"resultSize":0,"createdAt":"1970-01-01T00:00:00Z"}"#
    guard case .line(_, .event(let event, _)) = try decode(line, .ndjson).first else {
      Issue.record("not read")
      return
    }
    #expect(event.stepID == nil && event.serviceTier == nil && event.tokens.cachedPrompt == 0)
  }

  @Test(
    "in broken CSV are told, and reading goes on",
    arguments: [
      ("a\"b,2\r\n", .csv(.quoteInField), 3), ("\"a\"b,2\r\n", .csv(.textAfterQuote), 3),
      ("a\rb,2\r\n", .csv(.strayCarriageReturn), 3), ("a,b\r\n", .fieldCount(expected: 8, found: 2), 3),
      ("\"a\n\n\"x\n", .csv(.textAfterQuote), 5),
    ] as [(String, UsageLineFault, Int)])
  func brokenCSV(record: String, fault: UsageLineFault, next: Int) throws {
    let header = UsageColumn.ofRuns.map(\.rawValue).joined(separator: ",") + "\r\n"
    let good = "r,o,u,w,2026-05-01T12:00:00Z,,running,0\r\n"
    let results = try decode(header + record + good, .csv)
    #expect(results.count == 2)
    #expect(results.first == .bad(BadUsageLine(number: 2, fault: fault)))
    guard case .line(next, .run) = results.last else {
      Issue.record("\(results)")
      return
    }
    let unclosed = try decode(header + good + "\"" + good, .csv)
    #expect(unclosed.last == .bad(BadUsageLine(number: 3, fault: .csv(.unclosedQuote))))
  }

  @Test("in CSV need a header with every column that is not optional, once")
  func headers() throws {
    #expect(throws: UsageHeaderFault.missingColumn(.runID)) { try decode("a,b\n1,2\n", .csv) }
    #expect(throws: UsageHeaderFault.missingColumn(.orgID)) { try decode("eventId\n", .csv) }
    #expect(throws: UsageHeaderFault.duplicateColumn(.runID)) { try decode("runId,runId\n", .csv) }
    #expect(throws: UsageHeaderFault.csv(.quoteInField)) { try decode("run\"Id\n", .csv) }
    #expect(try decode("", .csv).isEmpty)
    #expect(try decode("\r\n\n", .csv).isEmpty)
  }

  @Test("that are too long are told without being kept")
  func tooLong() throws {
    let limit = 1_000
    let long = String(repeating: "x", count: limit + 1)
    let fault = UsageLineFault.tooLong(maximum: limit)
    let lines = try decode(RandomLines.slices(long + "\n" + Self.run + "\n" + long), .ndjson, maximumLineLength: limit)
    #expect(lines.count == 3)
    #expect(lines[0] == .bad(BadUsageLine(number: 1, fault: fault)))
    #expect(lines[2] == .bad(BadUsageLine(number: 3, fault: fault)))
    let header = UsageColumn.ofRuns.map(\.rawValue).joined(separator: ",") + "\r\n"
    let commas = String(repeating: ",", count: limit + 1)
    for record in [long, "\"" + long + "\"", commas] {
      let records = try decode(
        RandomLines.slices(header + record + "\nr,o,u,w,2026-05-01T12:00:00Z,,running,0"), .csv,
        maximumLineLength: limit)
      #expect(records.count == 2)
      #expect(records.first == .bad(BadUsageLine(number: 2, fault: fault)))
    }
    #expect(throws: UsageHeaderFault.tooLong(maximum: limit)) {
      try decode(RandomLines.slices(long), .csv, maximumLineLength: limit)
    }
  }

  @Test("come back from their own writing, however the bytes are cut", arguments: [1, 2, 3, 4] as [UInt64])
  func roundTrip(seed: UInt64) throws {
    var random = RandomLines(seed: seed)
    for format in UsageFormat.allCases {
      for kind in 0..<2 {
        var bytes: [UInt8] = []
        var expected: [UsageLine] = []
        let encoder = UsageEncoder(format)
        if kind == 0 { encoder.appendRunHeader(to: &bytes) } else { encoder.appendEventHeader(to: &bytes) }
        for _ in 0..<100 {
          let organization = try OrgID(random.name())
          let line: UsageLine =
            kind == 0
            ? .run(try random.run(), organizationID: organization)
            : .event(try random.event(), organizationID: organization)
          expected.append(line)
          encoder.append(line, to: &bytes)
        }
        let results = try decode(random.chunks(bytes, upTo: 60), format)
        let read = results.compactMap { if case .line(_, let line) = $0 { line } else { nil } }
        #expect(
          read == expected, "\(format) of seed \(seed): \(results.first { if case .bad = $0 { true } else { false } })")
      }
    }
  }

  @Test("of random bytes, and of true lines with bytes changed, never trap", arguments: [1, 2, 3, 4] as [UInt64])
  func fuzz(seed: UInt64) throws {
    var random = RandomLines(seed: seed)
    let header = Array(UsageColumn.ofEvents.map(\.rawValue).joined(separator: ",").utf8) + [10]
    let alphabet = Array("{}[]\",:\\\r\n0123456789eE+-.truefalsnd \u{0}".utf8) + [0xff, 0xc3, 0xef, 0xbb, 0xbf]
    for round in 0..<150 {
      let format: UsageFormat = round % 2 == 0 ? .ndjson : .csv
      var bytes: [UInt8] = format == .csv ? header : []
      if round % 3 == 0 {
        bytes += (0..<Int.random(in: 0...300, using: &random.random)).map { _ in
          alphabet.randomElement(using: &random.random) ?? 0
        }
      } else {
        let encoder = UsageEncoder(format)
        for _ in 0..<3 { encoder.append(try random.event(), of: try OrgID("o"), to: &bytes) }
        for _ in 0..<Int.random(in: 1...4, using: &random.random) {
          let place = Int.random(in: 0..<bytes.count, using: &random.random)
          switch Int.random(in: 0...2, using: &random.random) {
          case 0: bytes[place] = alphabet.randomElement(using: &random.random) ?? 0
          case 1: bytes.insert(alphabet.randomElement(using: &random.random) ?? 0, at: place)
          default: bytes.remove(at: place)
          }
        }
      }
      let whole = try? decode([bytes[...]], format)
      // However the bytes are cut, the same comes out.
      let cut = try? decode(random.chunks(bytes, upTo: 9), format)
      #expect(whole == cut, "seed \(seed), round \(round)")
    }
  }
}

extension RandomLines {
  /// A text in chunks of 100 bytes.
  static func slices(_ text: String) -> [ArraySlice<UInt8>] {
    let bytes = Array(text.utf8)
    return stride(from: 0, to: bytes.count, by: 100).map { bytes[$0..<min(bytes.count, $0 + 100)] }
  }
}
