#if SQLite
  import SaaSCore
  import Testing

  @Suite("What is recorded is synced before it is acknowledged", .serialized)
  struct SyncTests {
    @Test(
      "each call of a recorder syncs the log once, whether it has one event or a thousand",
      .enabled(if: SystemCallTrace.isInstalled, "strace is not installed"),
      .enabled(if: SystemCallTrace.isPermitted, "the system does not let one process trace another"),
      arguments: [(calls: 40, size: 1), (calls: 3, size: 1_000)])
    func syncs(calls: Int, size: Int) async throws {
      let file = try ScratchFile()
      let trace = SystemCallTrace(beside: file)
      let child = try await ChildProcess("record-facts", file.path, "\(calls)", "\(size)", trace: trace)
      #expect(await child.remainingLines() == ["begin"] + Array(repeating: "recorded", count: calls))
      #expect(await child.wait() == 0)
      let traced = try trace.calls()
      let begin = try #require(traced.firstIndex(of: .said("begin")))
      let each: [SystemCallTrace.Call] = [.syncOfWAL, .said("recorded")]
      #expect(Array(traced[(begin + 1)...].prefix(2 * calls)) == Array(repeating: each, count: calls).flatMap(\.self))
    }
  }
#endif
