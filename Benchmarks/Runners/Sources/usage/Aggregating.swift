import Foundation
import SaaSCore
import UsageKit

/// Works one organisation's 90-day dashboard out from its events in an array, by the library's pure function on all
/// processors and by no group that was kept before.
struct Aggregating {
  let path: String
  let passes: Int

  func run() async throws {
    let file = try EventFile(path: path + ".events")
    guard let window = EventFile.window else { return }
    let events = try (0..<file.count).filter { file.organization($0) == EventFile.reported }.map { place in
      let priced = try file.priced(place)
      let run = try file.run(place / 4 * 4)
      return RecordedEvent(
        priced.event, cost: priced.cost, user: .known(run.userID), workflow: .known(run.workflow), insertedRevision: 1,
        changedRevision: 1)
    }
    let clock = ContinuousClock()
    var least = Double.infinity
    let tasks = ProcessInfo.processInfo.activeProcessorCount
    for pass in 0...passes {
      let time = await clock.measure {
        keep(await UsageAggregation.report(for: window, runs: [], events: events, tasks: tasks))
      }
      if pass > 0 { least = min(least, time / .nanoseconds(1)) }
    }
    printCheck(of: await UsageAggregation.report(for: window, runs: [], events: events, tasks: tasks))
    print("report.ns \(least)")
  }

  /// Uses a value, so that making it is not left out.
  @inline(never)
  private func keep(_ report: UsageReport) {}
}
