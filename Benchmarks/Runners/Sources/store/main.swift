import Foundation

// Round trips of the services over one SQLite file.

let words = Array(CommandLine.arguments.dropFirst())

switch words.first {
case "prepare" where words.count > 1:
  // FILE: a file with tenants that have bought a plan
  try await Shop(path: words[1]).prepare()
case "run" where words.count > 3:
  // FILE tenant|webhook|admit CALLS
  try await RoundTrips(shop: Shop(path: words[1]), count: Int(words[3]) ?? 0).run(words[2])
default:
  print("usage: store prepare FILE | run FILE tenant|webhook|admit CALLS")
  exit(2)
}
