import SaaSCore
import SaaSTesting
import Testing
import UsageKit

@Suite("Reading ahead in the usage store in memory")
struct ReadAheadTests {
  @Test(
    "long identifiers among short ones, runs among events and repeats are answered as one by one",
    arguments: [UInt64(1), 2, 3])
  func mixed(seed: UInt64) async throws {
    var random = SeededGenerator(seed: seed)
    // Those of more than thirty-nine bytes lie in a box.
    let texts = (0..<90).map { number in
      "id-\(number)" + String(repeating: "x", count: Int.random(in: 0...1, using: &random) * 60)
    }
    var writes: [UsageWrite] = []
    for _ in 0..<300 {
      let text = texts[Int.random(in: 0..<texts.count, using: &random)]
      let isRun = Int.random(in: 0..<5, using: &random) == 0
      writes.append(isRun ? .run(try UsageFixture.run(text)) : try UsageFixture.priced(text, run: text, picos: 7))
    }
    let tenant = try await TestTenants().context("gallery")
    let together = InMemoryUsageStore()
    let oneByOne = InMemoryUsageStore()
    let answers = try await together.record([UsageBatch(writes, for: tenant)], at: UsageFixture.start)
    var expected: [UsageAnswer] = []
    for write in writes {
      expected += try await oneByOne.record([UsageBatch([write], for: tenant)], at: UsageFixture.start).joined()
    }
    #expect(answers == [expected], "seed \(seed)")
    #expect(expected.contains(.duplicate) && expected.contains(.recorded))
    for text in texts {
      let id = try EventID(text)
      let (first, second) = (try await together.event(id, of: tenant), try await oneByOne.event(id, of: tenant))
      #expect(first?.event == second?.event, "seed \(seed), \(text)")
    }
  }
}
