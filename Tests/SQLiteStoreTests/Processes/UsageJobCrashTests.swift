#if SQLite
  import Foundation
  import SaaSCore
  import SaaSTesting
  import SQLiteStore
  import TenancyKit
  import Testing
  import UsageKit

  @Suite("Usage jobs whose process dies", .serialized)
  struct UsageJobCrashTests {
    /// A job, the jobs before it, and those that show in the ledger what it left.
    struct Job: CustomTestStringConvertible {
      let name: String
      let command: [String]
      var before: [[String]] = []
      var after: [[String]] = []

      var testDescription: String { name }

      static let rollUp = ["roll-up", "\(SixMonths.end)"]
      static let rollUpUnsealed = ["roll-up", "\(SixMonths.end)", "100000"]
      static let reprice = ["reprice", "7777777"]
      static let all = [
        Job(name: "roll-up", command: rollUp),
        Job(name: "sealing", command: rollUp, before: [rollUpUnsealed]),
        Job(name: "retention", command: ["retain", "\(SixMonths.end)", "30"], before: [rollUp]),
        Job(name: "re-pricing", command: reprice, before: [rollUpUnsealed], after: [rollUp]),
      ]
    }

    @Test("killed at a random moment and run again, a job leaves what an undisturbed run leaves", arguments: Job.all)
    func kills(job: Job) async throws {
      var dice = SeededGenerator(seed: UInt64.random(in: 0...UInt64.max))
      let start = try ScratchFile()
      try await start.withStore { store in _ = try await SixMonths.fill(store) }
      for command in job.before { try await finish(command, on: start) }
      let undisturbed = try start.copy()
      try await finish(job.command, on: undisturbed)
      for command in job.after { try await finish(command, on: undisturbed) }
      let expected = try await contents(of: undisturbed)
      #expect(try await contents(of: start) != expected)
      var kills = 0
      // A busy parent may come too late, which is no kill.
      for round in 0..<30 where kills < 6 {
        let file = try start.copy()
        let child = try await ChildProcess(job.command, on: file)
        for _ in 0..<Int.random(in: 0..<24, using: &dice) { _ = await child.nextLine() }
        try await Task.sleep(for: .microseconds(Int.random(in: 0...2_000, using: &dice)))
        child.kill()
        if await child.wait() == 9 { kills += 1 }
        let integrity = try await file.withStore { store in try await store.integrity() }
        #expect(integrity == "ok", "seed \(dice.seed), round \(round)")
        for command in [job.command] + job.after { try await finish(command, on: file) }
        #expect(try await contents(of: file) == expected, "seed \(dice.seed), round \(round)")
      }
      #expect(kills == 6)
    }

    private func finish(_ command: [String], on file: ScratchFile) async throws {
      let child = try await ChildProcess(command, on: file)
      #expect(await child.remainingLines().last == "finished")
      #expect(await child.wait() == 0)
    }

    // MARK: What is compared

    /// Everything of one tenant but revisions, which tell how many calls there were.
    private struct Contents: Equatable {
      let horizon: Timestamp?
      let report: UsageReport
      let ledger: [LedgerRow]
      let staleDays: [UTCDay]
      let events: [String]
      let runs: [Run]
    }

    private func contents(of file: ScratchFile) async throws -> [Contents] {
      try await file.withStore { store in
        var all: [Contents] = []
        for tenant in try await store.contexts(after: nil, limit: .maximum).elements {
          let horizon = try await store.status(of: tenant).horizon
          let whole = Period(
            ordered: max(horizon ?? .distantPast, Timestamp(seconds: 1_700_000_000)), Timestamp(seconds: SixMonths.end))
          let events = try await store.events(
            matching: EventQuery(period: whole), at: nil, after: nil, limit: .maximum, of: tenant
          ).page.elements
          let runs = try await store.runs(
            matching: RunQuery(period: whole), at: nil, after: nil, limit: .maximum, of: tenant
          ).page.elements
          all.append(
            Contents(
              horizon: horizon, report: try await store.report(for: Self.window, of: tenant).value,
              ledger: try await store.ledger(LedgerQuery(), after: nil, limit: .maximum, of: tenant).elements,
              staleDays: try await store.staleDays(limit: .maximum, of: tenant),
              events: events.map { "\($0.event) \($0.cost) \($0.user) \($0.workflow)" }, runs: runs.map(\.run)))
        }
        return all
      }
    }

    private static let window = DayWindow(lastDays: 200, at: Timestamp(seconds: SixMonths.end))
  }

  extension ChildProcess {
    /// Starts a process with a mode and what follows the file.
    fileprivate convenience init(_ command: [String], on file: ScratchFile) async throws {
      try await self.init(command.first ?? "", file.path, command.dropFirst().map(\.self))
    }
  }

  extension ScratchFile {
    /// A copy of a file that nobody has open.
    fileprivate func copy() throws -> ScratchFile {
      let copy = try ScratchFile()
      for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: path + suffix) {
        try FileManager.default.copyItem(atPath: path + suffix, toPath: copy.path + suffix)
      }
      return copy
    }
  }
#endif
