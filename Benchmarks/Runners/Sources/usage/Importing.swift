import Foundation
import SQLiteStore
import SaaSCore
import TenancyKit
import UsageKit

/// Imports lines that are made as they are asked for into a fresh file, and prints the most memory that the process had.
struct Importing {
  let path: String

  func run(count: Int) async throws {
    let store = try await SQLiteStore(path: path)
    let organizations = try await Tenants.make(in: store).map(\.organizationID)
    let importer = UsageImporter(tenants: store, usage: store, pricing: Unpriced(), clock: SystemWallClock())
    let lines = Lines(count: count, organizations: organizations)
    let clock = ContinuousClock()
    let start = clock.now
    let report = try await importer.importLines(of: lines, format: .ndjson)
    guard report.eventsRecorded == count, report.bad == 0 else { return print("error \(report)") }
    print("import.ns", (clock.now - start) / .nanoseconds(1) / Double(count))
    if let peak = Self.peak() { print("import.memory", peak) }
    await store.close()
  }

  private struct Unpriced: EventPricing {
    func cost(of event: UsageEvent) throws(UsageValueError) -> EventCost { .unpriced }
  }

  /// The most bytes that the process ever had in memory (Linux's `VmHWM`); nil where that cannot be asked.
  private static func peak() -> Int? {
    let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    guard let line = status?.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }) else { return nil }
    return line.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first.map { $0 * 1_024 }
  }
}

/// Lines of so many events, two hundred at a time, made when they are asked for.
private struct Lines: AsyncSequence, AsyncIteratorProtocol, Sendable {
  let count: Int
  let organizations: [OrgID]
  private var first = 0

  init(count: Int, organizations: [OrgID]) {
    self.count = count
    self.organizations = organizations
  }

  func makeAsyncIterator() -> Lines { self }

  mutating func next() async -> [UInt8]? {
    guard first < count else { return nil }
    let numbers = first..<Swift.min(first + 200, count)
    first = numbers.upperBound
    return Array(numbers.map { Self.lines($0, organizations[$0 / 4 % organizations.count]) }.joined().utf8)
  }

  /// An event's line, and before every fourth its run's.
  private static func lines(_ number: Int, _ organization: OrgID) -> String {
    let instant = (Tenants.start + .seconds(number * 7)).iso8601
    let run = "\"runId\":\"run_\(number / 4)\",\"orgId\":\"\(organization)\""
    let event =
      #"{"type":"event","eventId":"evt_\#(number)",\#(run),"provider":"openai","model":"small","promptTokens":1200,"#
      + #""completionTokens":300,"durationMs":1500,"resultSize":900,"createdAt":"\#(instant)"}"# + "\n"
    guard number % 4 == 0 else { return event }
    return #"{"type":"run",\#(run),"userId":"user_\#(number % 20)","workflow":"review","startedAt":"\#(instant)","#
      + #""outcome":"running","artifactCount":0}"# + "\n" + event
  }
}
