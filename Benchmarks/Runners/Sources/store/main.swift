import Foundation
import Waiting

// Round trips of the services over one SQLite file.

let words = Array(CommandLine.arguments.dropFirst())
try waiting { [words] in try await run(words) }

private func run(_ words: [String]) async throws {
  switch words.first {
  case "prepare" where words.count > 1:
    // FILE: a file with tenants that have bought a plan
    try await Shop(path: words[1]).prepare()
  case "run" where words.count > 3:
    // FILE tenant|webhook|admit CALLS
    try await RoundTrips(shop: Shop(path: words[1]), count: Int(words[3]) ?? 0).run(words[2])
  case "handover" where words.count > 2:
    // FILE CALLS: a file that is not a database
    try await HandOver(path: words[1], count: Int(words[2]) ?? 0).run()
  default:
    print("usage: store prepare FILE | run FILE tenant|webhook|admit CALLS | handover FILE CALLS")
    exit(2)
  }
}
