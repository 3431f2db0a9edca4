import Foundation
import SaaSCore
import UsageKit

/// Works a 90-day dashboard out from events in a table in memory, on all processors and by no group that was kept before.
///
/// All events are taken as one organisation's.
struct Aggregating {
  let path: String
  let passes: Int

  func run() async throws {
    let file = try EventFile(path: path + ".events")
    guard let window = EventFile.window else { return }
    var table = UsageEventTable()
    table.reserveCapacity(file.count)
    for place in 0..<file.count {
      let priced = try file.priced(place)
      let run = try file.run(place / 4 * 4)
      table.append(priced.event, cost: priced.cost, user: .known(run.userID), workflow: .known(run.workflow))
    }
    let tasks = ProcessInfo.processInfo.activeProcessorCount
    for (name, tasks) in [("one", 1), ("all", tasks)] {
      var least = Duration.seconds(3_600)
      for pass in 0...passes {
        let time = try await ContinuousClock().measure { keep(try await report(of: table, for: window, tasks: tasks)) }
        if pass > 0 { least = min(least, time) }
      }
      print("\(name).ns \(least / .nanoseconds(1))")
    }
    printCheck(of: try await report(of: table, for: window, tasks: tasks))
  }

  private func report(of table: UsageEventTable, for window: DayWindow, tasks: Int) async throws -> UsageReport {
    let share = (table.count + tasks - 1) / tasks
    return try await withThrowingTaskGroup(of: UsageAccumulator.self) { group in
      for part in 0..<tasks {
        group.addTask {
          var groups = UsageAccumulator(window: window)
          groups.add(table, in: part * share..<(part + 1) * share)
          return groups
        }
      }
      var all = UsageAccumulator(window: window)
      for try await groups in group { try all.merge(groups) }
      return all.report
    }
  }

  /// Uses a value, so that making it is not left out.
  @inline(never)
  private func keep(_ report: UsageReport) {}
}
