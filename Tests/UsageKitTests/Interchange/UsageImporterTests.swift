internal import Foundation
internal import SaaSCore
internal import SaaSTesting
internal import TenancyKit
internal import Testing
internal import UsageKit

@Suite("Importing and exporting usage")
struct UsageImporterTests {
  let tenants = TestTenants()
  let store = InMemoryUsageStore()
  let clock = ManualClock(Timestamp(seconds: 2_100_000_000))

  private func importer(batchSize: Int = 1_000) throws -> UsageImporter {
    UsageImporter(
      tenants: tenants.store, usage: store, pricing: try RateCard(json: Array(PublishedPrices.card.utf8)),
      clock: clock, batchSize: batchSize)
  }

  /// What a callback heard.
  private final class Heard<Value: Sendable>: Sendable {
    private let values = Lock<[Value]>([])
    func hear(_ value: Value) { values.withLock { $0.append(value) } }
    var all: [Value] { values.withLock { $0 } }
  }

  private func run(_ id: String, outcome: String = "running", org: String = "org-a", artifacts: Int = 0) -> String {
    let end = outcome == "running" ? "" : #""finishedAt":"2026-05-01T12:00:09Z","#
    return
      #"{"type":"run","runId":"\#(id)","orgId":"\#(org)","userId":"u","workflow":"w","startedAt":"2026-05-01T12:00:00Z","#
      + #"\#(end)"outcome":"\#(outcome)","artifactCount":\#(artifacts)}"#
  }

  private func event(
    _ id: String, run: String = "r", org: String = "org-a", model: String = "gpt-4o",
    at: String = "2026-05-01T12:00:05Z",
    prompt: Int = 1_000
  ) -> String {
    #"{"type":"event","eventId":"\#(id)","orgId":"\#(org)","runId":"\#(run)","provider":"openai","model":"\#(model)","#
      + #""promptTokens":\#(prompt),"completionTokens":500,"durationMs":1,"resultSize":0,"createdAt":"\#(at)"}"#
  }

  private func chunks(_ lines: [String]) -> AsyncStream<[UInt8]> {
    AsyncStream { continuation in
      for line in lines { continuation.yield(Array((line + "\n").utf8)) }
      continuation.finish()
    }
  }

  @Test("records every line, completes runs, prices events, and finds it all again as duplicates")
  func twice() async throws {
    let tenant = try await tenants.context("a")
    let lines = [
      event("e1"), run("r"), event("e2", model: "unheard-of"), run("r", outcome: "succeeded", artifacts: 2),
      event("e1"),
    ]
    var report = try await importer().importLines(of: chunks(lines), format: .ndjson)
    var expected = UsageImportReport()
    expected.lines = 5
    expected.bytes = Int64(lines.map(\.utf8.count).reduce(5, +))
    expected.runsRecorded = 1
    expected.runsUpdated = 1
    expected.eventsRecorded = 2
    expected.eventsUnpriced = 1
    expected.duplicates = 1
    #expect(report == expected)
    #expect(try await store.run(RunID("r"), of: tenant)?.run.artifactCount == 2)
    let row = try #require(try await store.event(EventID("e1"), of: tenant))
    #expect(row.cost.amount?.decimalText == "0.0075")
    #expect(row.user == .known(try UserID("u")))
    report = try await importer().importLines(of: chunks(lines), format: .ndjson)
    #expect(report.duplicates == 5 && report.eventsRecorded == 0 && report.runsRecorded == 0)
  }

  @Test("tells every bad line with its number, in order, and passes it over", arguments: [1, 2, 1_000])
  func skipping(batchSize: Int) async throws {
    _ = try await tenants.context("a")
    let bad = Heard<BadUsageLine>()
    let lines = [
      event("e1"), "[]", event("e1", prompt: 2), "", event("e2", org: "org-b"),
      event("e3", at: "2099-01-01T00:00:00Z"),
      event("e4"), run("r", outcome: "failed"), run("r", outcome: "succeeded"),
    ]
    let report = try await importer(batchSize: batchSize).importLines(of: chunks(lines), format: .ndjson) {
      bad.hear($0)
    }
    #expect(
      bad.all == [
        BadUsageLine(number: 2, fault: .notAnObject),
        BadUsageLine(number: 3, fault: .conflict(.event)),
        BadUsageLine(number: 5, fault: .unknownOrganization(try OrgID("org-b"))),
        BadUsageLine(
          number: 6,
          fault: .value(.tooFarAhead(.createdAt, latest: clock.now() + .seconds(3_600)))),
        BadUsageLine(number: 9, fault: .conflict(.run(.finished(.failed)))),
      ])
    #expect(report.bad == 5 && report.lines == 8 && report.eventsRecorded == 2 && report.runsRecorded == 1)
  }

  @Test("ends at a bad line where the caller asks, with everything before it recorded and nothing after")
  func aborting() async throws {
    let tenant = try await tenants.context("a")
    let bad = BadUsageLine(number: 3, fault: .notAnObject)
    let error = await #expect(throws: UsageImportError.self) {
      try await importer().importLines(
        of: chunks([event("e1"), event("e2"), "[]", event("e3")]), format: .ndjson, badLines: .abort)
    }
    #expect(error?.reason == .badLine(bad))
    #expect(error?.report.eventsRecorded == 2)
    #expect(try await store.event(EventID("e2"), of: tenant) != nil)
    #expect(try await store.event(EventID("e3"), of: tenant) == nil)
  }

  @Test("reports progress after every batch, before the source has ended")
  func progress() async throws {
    _ = try await tenants.context("a")
    let progress = Heard<Int>()
    let asked = Heard<Int>()
    let source = AsyncStream<[UInt8]>(unfolding: { [asked] in
      guard asked.all.count < 10 else { return nil }
      asked.hear(progress.all.count)
      return Array((event("e\(asked.all.count)") + "\n").utf8)
    })
    let report = try await importer(batchSize: 3).importLines(
      of: source, format: .ndjson, onProgress: { progress.hear($0.lines) })
    #expect(progress.all == [3, 6, 9, 10])
    #expect(asked.all == [0, 0, 0, 1, 1, 1, 2, 2, 2, 3])
    #expect(report.lines == 10)
  }

  @Test("tells what was recorded where the source, the tenants or the header fail")
  func failures() async throws {
    struct Broken: Error {}
    _ = try await tenants.context("a")
    let first = Array((event("e1") + "\n").utf8)
    let source = AsyncThrowingStream<[UInt8], any Error> { continuation in
      continuation.yield(first)
      continuation.finish(throwing: Broken())
    }
    let broken = await #expect(throws: UsageImportError.self) {
      try await importer(batchSize: 1).importLines(of: source, format: .ndjson)
    }
    #expect(broken?.reason == .source("Broken()"))
    #expect(broken?.report.eventsRecorded == 1)
    let headless = await #expect(throws: UsageImportError.self) {
      try await importer().importLines(of: chunks(["a,b"]), format: .csv)
    }
    #expect(headless?.reason == .header(.missingColumn(.runID)))
    let missing = await #expect(throws: UsageImportError.self) {
      try await importer().importFile(at: "/nowhere/usage.ndjson", format: .ndjson)
    }
    guard case .source = missing?.reason else {
      Issue.record("\(String(describing: missing))")
      return
    }
  }

  @Test("cancelled, ends with what was recorded")
  func cancelling() async throws {
    let importer = try importer()
    let source = chunks([event("e1")])
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await importer.importLines(of: source, format: .ndjson)
    }
    task.cancel()
    let error = await #expect(throws: UsageImportError.self) { try await task.value }
    #expect(error?.reason == .cancelled)
  }

  @Test("what was exported is imported to the same figures", arguments: [1, 2] as [UInt64])
  func roundTrip(seed: UInt64) async throws {
    let tenant = try await tenants.context("a", organization: "org, \"a\"")
    var random = RandomLines(seed: seed)
    var writes: [UsageWrite] = []
    for _ in 0..<1_050 {
      writes.append(.run(try random.run()))
      writes.append(.event(PricedEvent(try random.event(), cost: .unpriced)))
    }
    _ = try await store.record([UsageBatch(writes, for: tenant)], at: clock.now())
    let whole = try #require(Period(start: UsageBounds.earliest, end: UsageBounds.latest))
    let expected = try await store.sums(of: [whole], for: tenant).value
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("usage-export-\(seed)-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for contents in [
      [UsageExport.Content.everything], [.runs(.csv), .events(.csv)], [.events(.ndjson), .runs(.ndjson)],
    ] {
      let copy = InMemoryUsageStore()
      let importer = UsageImporter(
        tenants: tenants.store, usage: copy, pricing: Unpriced(), clock: ManualClock(UsageBounds.latest))
      for content in contents {
        let path = folder.appendingPathComponent("usage").path
        try await UsageExport(content, of: whole, for: tenant, from: store).write(toFile: path)
        let format: UsageFormat = content == .runs(.csv) || content == .events(.csv) ? .csv : .ndjson
        let report = try await importer.importFile(at: path, format: format) { Issue.record("\($0)") }
        #expect(report.lines > 0)
      }
      #expect(try await copy.sums(of: [whole], for: tenant).value == expected, "seed \(seed)")
    }
  }

  private struct Unpriced: EventPricing {
    func cost(of event: UsageEvent) -> EventCost { .unpriced }
  }
}
