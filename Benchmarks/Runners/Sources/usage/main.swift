import Foundation
import Waiting

// Usage: writes events, and records and reports them with the library's stores.

let words = Array(CommandLine.arguments.dropFirst())
try waiting { [words] in try await run(words) }

private func run(_ words: [String]) async throws {
  func number(_ index: Int) -> Int { words.count > index ? Int(words[index]) ?? 0 : 0 }
  switch words.first {
  case "prepare":
    // FILE EVENTS: a file with the tenants and runs of so many events, and the events beside it as FILE.events
    try await Preparation(path: words[1], count: number(2)).write()
  case "record":
    // FILE HOW EVENTS: batch, concurrent or single
    try await Recording(path: words[1], count: number(3)).run(words[2])
  case "memory":
    // FILE EVENTS
    try await MemoryRecording(path: words[1], count: number(2)).run()
  case "memory-report":
    // FILE EVENTS PASSES ROUNDS
    try await MemoryReporting(path: words[1], count: number(2), passes: number(3), rounds: number(4)).run()
  case "report":
    // FILE PASSES
    try await Reporting(path: words[1], passes: number(2)).run()
  case "aggregate":
    // FILE PASSES: of FILE.events
    try await Aggregating(path: words[1], passes: number(2)).run()
  case "count":
    // FILE WHAT EVENTS: none, memory, sqlite or cost, for a tool that counts instructions
    try await Counting(path: words[1], count: number(3)).run(words[2])
  case "grow":
    // FILE EVENTS: a file with one organisation that has a subscription and so many events
    try await GrowingReads(path: words[1]).write(count: number(2))
  case "reads":
    // FILE PASSES
    try await GrowingReads(path: words[1]).run(passes: number(2))
  case "import":
    // FILE EVENTS: a file that is not there yet
    try await Importing(path: words[1]).run(count: number(2))
  default:
    print(
      """
      usage: usage prepare FILE EVENTS | record FILE batch|concurrent|single EVENTS | memory FILE EVENTS
             | memory-report FILE EVENTS PASSES ROUNDS
             | report FILE PASSES | aggregate FILE PASSES
             | count FILE none|memory|sqlite|cost EVENTS | grow FILE EVENTS | reads FILE PASSES
             | import FILE EVENTS
      """)
    exit(2)
  }
}
