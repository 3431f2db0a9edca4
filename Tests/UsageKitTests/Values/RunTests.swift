import SaaSCore
import SaaSTesting
import Testing
import UsageKit

@Suite("Runs")
struct RunTests {
  typealias Fixture = UsageFixture

  @Test("a later value brings a running run further, and an ended one nowhere")
  func table() throws {
    let running = try Fixture.run("r", artifacts: 2)
    let done = try Fixture.run("r", took: 5, .succeeded, artifacts: 1)
    let rows: [(Run, Run, RunChange)] = [
      (running, running, .unchanged),
      (running, try Fixture.run("r", artifacts: 1), .unchanged),
      (running, try Fixture.run("r", artifacts: 3), .changed(try Fixture.run("r", artifacts: 3))),
      (running, done, .changed(done)),
      (done, running, .unchanged),
      (done, done, .unchanged),
      (done, try Fixture.run("r", took: 6, .succeeded, artifacts: 1), .conflict(.finished(.succeeded))),
      (done, try Fixture.run("r", took: 5, .succeeded, artifacts: 2), .conflict(.finished(.succeeded))),
      (done, try Fixture.run("r", took: 5, .failed, artifacts: 1), .conflict(.finished(.succeeded))),
      (running.abandoned(after: .seconds(9)), done, .conflict(.finished(.abandoned))),
      (running, try Fixture.run("r", at: 1), .conflict(.startedAt)),
      (running, try Fixture.run("r", user: "bob"), .conflict(.userID)),
      (done, try Fixture.run("r", user: "bob", took: 5, .succeeded, artifacts: 1), .conflict(.userID)),
    ]
    for (first, second, expected) in rows { #expect(first.change(on: second) == expected, "\(second) upon \(first)") }
    #expect(running.change(onRestart: try Fixture.run("r", at: 99)) == .unchanged)
    #expect(done.change(onRestart: try Fixture.run("r")) == .unchanged)
    #expect(done.change(onRestart: try Fixture.run("r", user: "bob")) == .conflict(.userID))
  }

  @Test("values of one run with one end lead to the same run in every order")
  func orders() throws {
    let values = [
      try Fixture.run("r"), try Fixture.run("r", artifacts: 1), try Fixture.run("r", artifacts: 4),
      try Fixture.run("r", took: 7, .failed, artifacts: 2), try Fixture.run("r", took: 7, .failed, artifacts: 2),
    ]
    var random = SeededGenerator(seed: 1)
    for _ in 0..<200 {
      let order = values.shuffled(using: &random)
      var run = order[0]
      for value in order.dropFirst() {
        switch run.change(on: value) {
        case .unchanged: break
        case .changed(let next): run = next
        case .conflict(let conflict): Issue.record("\(conflict) in \(order)")
        }
      }
      #expect(run == values[3])
    }
  }

  @Test("a run that cannot be is refused with the reason")
  func validation() throws {
    func run(start: Timestamp, end: Timestamp?, _ outcome: Run.Outcome, artifacts: Int64 = 0) throws(UsageValueError)
      -> Run
    {
      guard let id = try? RunID("r"), let user = try? UserID("u"), let workflow = try? WorkflowName("w") else {
        throw .outcomeWithoutEnd
      }
      return try Run(
        id: id, userID: user, workflow: workflow, startedAt: start, finishedAt: end, outcome: outcome,
        artifactCount: artifacts)
    }
    let start = Fixture.start
    let longest = Duration.milliseconds(UsageBounds.durationMilliseconds)
    let rows: [(Timestamp, Timestamp?, Run.Outcome, Int64, UsageValueError)] = [
      (start, nil, .failed, 0, .outcomeWithoutEnd),
      (start, start, .running, 0, .outcomeWithoutEnd),
      (start, start - .microseconds(1), .failed, 0, .finishedBeforeStart),
      (
        start, start + longest + .milliseconds(1), .failed, 0,
        .tooLarge(.durationMilliseconds, maximum: UsageBounds.durationMilliseconds)
      ),
      (Timestamp(microseconds: -1), nil, .running, 0, .before1970(.startedAt)),
      (.distantFuture, nil, .running, 0, .tooFarAhead(.startedAt, latest: UsageBounds.latest)),
      (start, .distantFuture, .failed, 0, .tooFarAhead(.finishedAt, latest: UsageBounds.latest)),
      (start, nil, .running, -1, .negative(.artifactCount)),
      (start, nil, .running, .max, .tooLarge(.artifactCount, maximum: UsageBounds.artifacts)),
    ]
    for (start, end, outcome, artifacts, error) in rows {
      #expect(throws: error) { try run(start: start, end: end, outcome, artifacts: artifacts) }
    }
    #expect(
      try run(start: start, end: start + longest, .failed).durationMilliseconds == UsageBounds.durationMilliseconds)
    #expect(try run(start: start, end: start, .failed).durationMilliseconds == 0)
  }

  @Test("an abandoned run ends its age after its start, within the bounds")
  func abandoning() throws {
    let run = try Fixture.run("r", artifacts: 3)
    #expect(run.abandoned(after: .seconds(60)).finishedAt == run.startedAt + .seconds(60))
    #expect(run.abandoned(after: .seconds(-60)).finishedAt == run.startedAt)
    #expect(run.abandoned(after: .seconds(Int64.max)).durationMilliseconds == UsageBounds.durationMilliseconds)
    #expect(run.abandoned(after: .seconds(60)).artifactCount == 3)
  }
}
