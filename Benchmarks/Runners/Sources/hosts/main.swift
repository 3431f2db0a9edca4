import Foundation
import Waiting

// Host resolution: makes the data that this program and its peers read, and measures the library on them.

let arguments = Arguments(CommandLine.arguments.dropFirst())

switch arguments.command {
case "generate":
  let generator = DataGenerator(
    hosts: arguments.number("hosts", 10_000), requests: arguments.number("requests", 1_000_000),
    seed: UInt64(arguments.number("seed", 1)))
  try generator.write(to: arguments.folder)
case "measure":
  let data = try DirectoryData(folder: arguments.folder)
  let passes = arguments.number("passes", 3)
  let only = arguments.list("only")
  try waiting { try await Measurement(data: data, passes: passes).run(only) }
case "count":
  let data = try DirectoryData(folder: arguments.folder)
  let what = arguments.text("what", "one")
  let kind = Counting.Kind(rawValue: arguments.text("of", ""))
  let lookups = arguments.number("lookups", 100_000)
  try waiting { try await Counting(data: data).run(what, of: kind, lookups: lookups) }
default:
  print(
    """
    usage: hosts generate FOLDER [--hosts N] [--requests N] [--seed N]
           hosts measure FOLDER [--passes N] [--only build,one,batch,string,directory,context,threads,changes]
           hosts count FOLDER [--what none|one|batch|string|directory|context|build] [--of several|identifiers]
                 [--lookups N]
    """)
  exit(2)
}
