import SQLiteStore
import SaaSCore
import Testing

@testable import GalleryServer

@Suite("Jobs of two server processes on one file") struct JobProcessTests {
  /// A turn as a server's log tells it.
  struct Turn: Hashable {
    let job: String
    let fence: Int64
    let at: Timestamp
  }

  private static func turns(in log: String) throws -> [Turn] {
    try log.matches(of: #/fence=(\d+) job=(\S+) turn=(\S+) .*a job was done/#).map { match in
      Turn(
        job: String(match.2), fence: try #require(Int64(match.1)), at: try Timestamp(iso8601: String(match.3)))
    }
  }

  @Test("each turn of each job is done by one of them, and the other goes on where one is killed")
  func turns() async throws {
    let place = try ServerPlace()
    try place.createTenant("a")
    let jobs = GalleryJob.allCases
    let interval = Duration.seconds(1)
    let arguments = ["--log-level", "debug"] + jobs.flatMap { ["--job-interval", "\($0.rawValue)=1"] }
    func turns(_ log: String) throws -> [Turn] { try Self.turns(in: place.log(log)) }
    func wait(for what: String, _ isDone: () throws -> Bool) async throws {
      for _ in 0..<1_200 {
        if try isDone() { return }
        try await Task.sleep(for: .milliseconds(100))
      }
      throw RunningServer.Failure("\(what): \(try place.log("first"))\n\(try place.log("second"))")
    }
    func everyJob(_ turns: [Turn], _ isDone: ([Turn]) -> Bool) -> Bool {
      jobs.allSatisfy { job in isDone(turns.filter { $0.job == job.storedName }) }
    }

    // The first has a turn of every job before there is a second.
    let first = try await place.start(arguments, log: "first")
    defer { first.kill() }
    try await wait(for: "the first alone") { everyJob(try turns("first")) { !$0.isEmpty } }
    let second = try await place.start(arguments, log: "second")
    defer { second.kill() }
    try await wait(for: "both") { everyJob(try turns("first") + turns("second")) { $0.count >= 4 } }
    first.kill()
    let before = try turns("second").count
    let killedAt = SystemWallClock().now()
    try await wait(for: "the second alone") {
      everyJob(Array(try turns("second").dropFirst(before))) { $0.filter { $0.at > killedAt }.count >= 2 }
    }
    let last = try turns("second")
    #expect(second.terminate() == 0)

    let all = try turns("first") + turns("second")
    for job in jobs {
      let turns = all.filter { $0.job == job.storedName }.sorted { $0.fence < $1.fence }
      #expect(Set(turns.map(\.fence)).count == turns.count, "\(job): a claim is one server's")
      for (one, next) in zip(turns, turns.dropFirst()) {
        #expect(next.at.duration(since: one.at) >= interval, "\(job): \(one) and \(next)")
      }
    }
    let store = try await SQLiteStore(path: place.database)
    for job in jobs {
      let turn = try #require(last.last { $0.job == job.storedName })
      let completion = try #require(try await store.lastCompletion(of: job.storedName))
      #expect(completion >= turn.at, "\(job)")
    }
    await store.close()
  }
}
