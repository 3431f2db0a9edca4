internal import ArgumentParser
internal import Foundation
internal import SQLiteStore
internal import SaaSCore
internal import TenancyKit

/// `gallery resolve`: what each host is, from a database or from a directory in a file.
struct ResolveCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resolve",
    abstract: "Says what hosts are: a tenant's, the platform's, reserved, moved, suspended, or nobody's.",
    discussion: """
      Hosts come from the arguments, from --file, or from standard input, one a line. Every byte up to the line feed \
      belongs to the host. --tsv prints host, verdict, tenant and reason, separated by tabs.
      """)

  @Option(help: "The SQLite file that the server uses.")
  var database: String?

  @Option(help: "A file of tab-separated lines instead of a database: slug, domain, inactive, hold, suspended.")
  var directory: String?

  @OptionGroup var platform: PlatformOptions

  @Option(help: "A file of hosts, one a line.")
  var file: String?

  @Flag(help: "Print tab-separated lines.")
  var tsv = false

  @Flag(help: "Print one JSON object a line.")
  var json = false

  @Argument(help: "Hosts.")
  var hosts: [String] = []

  func validate() throws {
    guard (database == nil) != (directory == nil) else {
      throw ValidationError("exactly one of --database and --directory is needed")
    }
    guard !(tsv && json) else { throw ValidationError("--tsv and --json exclude each other") }
  }

  func run() async throws {
    let index = try await index()
    let now = SystemWallClock().now()
    let bytes = try readHosts()
    var output: [UInt8] = []
    if !tsv && !json { output += "verdict     reason            tenant                                host\n".utf8 }
    for line in Lines(bytes) {
      let verdict = index.verdict(forHost: line.span, at: now)
      append(HostAnswer(host: line, verdict: verdict, tenantID: index.tenantID(for: verdict)), to: &output)
      if output.count > 1 << 16 {
        FileHandle.standardOutput.write(Data(output))
        output.removeAll(keepingCapacity: true)
      }
    }
    FileHandle.standardOutput.write(Data(output))
  }

  private func index() async throws -> HostIndex {
    let platform = try platform.platform()
    if let directory {
      let bytes = try InputFile.read(directory)
      let file: DirectoryFile
      do throws(DirectoryFile.InvalidLine) {
        file = try DirectoryFile(bytes, platform: platform)
      } catch {
        throw CommandFailure("\(directory), \(error)")
      }
      return try HostIndex(platform: platform, tenants: file.tenants())
    }
    var index: HostIndex?
    try await StoreOptions.parse(["--database", database ?? ""]).withStore { store in
      index = try await HostDirectory(platform: platform, store: store).index
    }
    guard let index else { throw CommandFailure("\(database ?? "") was not read") }
    return index
  }

  private func readHosts() throws -> [UInt8] {
    if let file { return try InputFile.read(file) }
    if !hosts.isEmpty { return hosts.flatMap { Array($0.utf8) + [UInt8(ascii: "\n")] } }
    return Array(FileHandle.standardInput.readDataToEndOfFile())
  }

  private func append(_ answer: HostAnswer, to output: inout [UInt8]) {
    if tsv { return answer.appendTSV(to: &output) }
    if json { return output += (answer.json + "\n").utf8 }
    let columns = [
      (answer.verdict.kind.description, 12), (answer.verdict.reason?.description ?? "", 18),
      (answer.tenantID?.rawValue ?? "", 38),
    ]
    for (text, width) in columns {
      output += text.utf8
      output += String(repeating: " ", count: max(1, width - text.count)).utf8
    }
    output += (answer.printableHost + "\n").utf8
  }
}
