import Foundation

/// The `gallery` command, run to its end.
struct GalleryCommand {
  let status: Int32
  let output: [UInt8]
  let errors: String

  var text: String { String(decoding: output, as: UTF8.self) }
  var lines: [String] { text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }

  /// Runs it with files that it finds by their names in its working folder.
  /// - Parameter isOnTerminal: whether it writes to a terminal, which shows results and everything else as ``text``.
  init(
    _ arguments: [String], in folder: ScratchFolder, input: [UInt8] = [], environment: [String: String] = [:],
    onTerminal isOnTerminal: Bool = false
  ) throws {
    let process = Process()
    process.executableURL = ServerProcess.executable
    process.arguments = arguments
    if isOnTerminal {
      let words = [ServerProcess.executable.path] + arguments
      process.executableURL = URL(filePath: "/usr/bin/script")
      process.arguments = ["-q", "-e", "-c", words.map { "'\($0)'" }.joined(separator: " "), "/dev/null"]
    }
    process.currentDirectoryURL = folder.url
    process.environment = environment
    // Files, since a pipe that nobody empties stops who writes to it.
    let names = ["standard-input", "standard-output", "standard-error"]
    try folder.write(input, to: names[0])
    for name in names.dropFirst() { try folder.write([], to: name) }
    process.standardInput = try FileHandle(forReadingFrom: folder.url.appending(path: names[0]))
    process.standardOutput = try FileHandle(forWritingTo: folder.url.appending(path: names[1]))
    process.standardError = try FileHandle(forWritingTo: folder.url.appending(path: names[2]))
    try process.run()
    process.waitUntilExit()
    status = process.terminationStatus
    output = Array(try Data(contentsOf: folder.url.appending(path: names[1])))
    errors = String(decoding: try Data(contentsOf: folder.url.appending(path: names[2])), as: UTF8.self)
  }
}

/// A folder that goes with the value.
final class ScratchFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "gallery-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func write(_ bytes: [UInt8], to name: String) throws { try Data(bytes).write(to: url.appending(path: name)) }
  func write(_ text: String, to name: String) throws { try write(Array(text.utf8), to: name) }
}
