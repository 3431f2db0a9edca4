import Foundation
import SaaSCore
import TenancyKit
import UsageKit

/// Events as fixed numbers of 64 bytes, which this program and its peers read: organisation, run, user, workflow,
/// provider, model, prompt, cached, completion, milliseconds (4 bytes each), instant, pico-dollars, number (8 bytes each).
struct EventFile {
  static let size = 64
  static let organizations = 30
  static let users = 20
  static let workflows = 5
  static let providers = ["openai", "anthropic", "google"]
  static let models = ["small", "large", "vision", "reason"]
  static let days = 90
  static let lastDay = UTCDay(daysSince1970: 20_000)
  /// All days of the events.
  static let window = DayWindow(first: lastDay.advanced(by: 1 - days), last: lastDay)
  /// The organisation whose dashboard is read.
  static let reported = 0

  let bytes: [UInt8]

  init(path: String) throws { bytes = try Array(Data(contentsOf: URL(fileURLWithPath: path))) }

  var count: Int { bytes.count / Self.size }

  func word(_ event: Int, _ field: Int) -> Int {
    let start = event * Self.size + field * 4
    return bytes[start..<start + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  func long(_ event: Int, _ field: Int) -> Int64 {
    let start = event * Self.size + 40 + field * 8
    return bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | Int64($1) }
  }

  func organization(_ event: Int) -> Int { word(event, 0) }

  /// An event as the host application has it.
  func priced(_ event: Int) throws -> PricedEvent {
    let facts = try UsageEvent(
      id: EventID("evt_\(long(event, 2))"), runID: RunID("run_\(word(event, 1))"),
      provider: ProviderName(Self.providers[word(event, 4)]), model: ModelName(Self.models[word(event, 5)]),
      tokens: TokenCounts(
        prompt: Int64(word(event, 6)), cachedPrompt: Int64(word(event, 7)), completion: Int64(word(event, 8))),
      durationMilliseconds: Int64(word(event, 9)), createdAt: Timestamp(microseconds: long(event, 0)))
    return PricedEvent(facts, cost: .priced(PicoUSD(picos: long(event, 1)), rate: try RateID("card")))
  }

  /// The finished run of an event.
  func run(_ event: Int) throws -> Run {
    let startedAt = Timestamp(microseconds: long(event, 0))
    return try Run(
      id: RunID("run_\(word(event, 1))"), userID: UserID("user_\(word(event, 2))"),
      workflow: WorkflowName("workflow_\(word(event, 3))"), startedAt: startedAt, finishedAt: startedAt + .seconds(30),
      outcome: .succeeded, artifactCount: 1)
  }

  static func write(count: Int, to path: String) throws {
    var random: UInt64 = 42
    func below(_ bound: Int) -> Int {
      random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int((random >> 33) % UInt64(bound))
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * size)
    func put(_ number: Int, _ width: Int) {
      for shift in 0..<width { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * shift))) }
    }
    let span = Int(days) * 86_400_000_000
    let first = Int(lastDay.advanced(by: 1 - days).start.microseconds)
    for event in 0..<count {
      // Four events a run; time goes on with the events, as it does in a service.
      let run = event / 4
      var seed = UInt64(run)
      seed = (seed ^ seed >> 16) &* 0x45d9_f3b3_3335_b369
      let mixed = Int(seed >> 8 & 0xffff_ffff)
      put(mixed % organizations, 4)
      put(run, 4)
      put(mixed / 31 % users, 4)
      put(mixed / 1_009 % workflows, 4)
      put(below(providers.count), 4)
      put(below(models.count), 4)
      let prompt = 200 + below(4_000)
      put(prompt, 4)
      put(below(prompt), 4)
      put(50 + below(1_000), 4)
      put(100 + below(20_000), 4)
      put(first + Int(Double(event) / Double(count) * Double(span)) + below(1_000_000), 8)
      put(1_000_000 + below(2_000_000_000), 8)
      put(event, 8)
    }
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }
}
