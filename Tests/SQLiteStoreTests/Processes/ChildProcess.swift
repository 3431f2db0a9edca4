#if SQLite
  import Foundation
  import SaaSCore

  /// A `StoreProcess` at work beside the test, whose lines the test reads.
  final class ChildProcess: @unchecked Sendable {
    // Sendable: the process and its input are used by the test's own task alone, the output by the reading thread alone.
    private let process = Process()
    private let input = Pipe()
    private let lines: AsyncStream<String>
    private var iterator: AsyncStream<String>.Iterator
    private let ended = AsyncStream<Int32>.makeStream()

    /// Starts a process in a mode on a file, and waits until it has the file open.
    init(_ mode: String, _ path: String, _ arguments: String...) async throws {
      let output = Pipe()
      let (lines, sink) = AsyncStream<String>.makeStream()
      self.lines = lines
      iterator = lines.makeAsyncIterator()
      process.executableURL = try Self.executable()
      process.arguments = [mode, path] + arguments
      process.standardInput = input
      process.standardOutput = output
      process.terminationHandler = { [end = ended.continuation] process in
        end.yield(process.terminationStatus)
        end.finish()
      }
      try process.run()
      let reading = output.fileHandleForReading
      let thread = Thread {
        var rest = Data()
        while case let data = reading.availableData, !data.isEmpty {
          rest.append(data)
          while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
            sink.yield(String(decoding: rest[rest.startIndex..<newline], as: UTF8.self))
            rest = Data(rest[(newline + 1)...])
          }
        }
        sink.finish()
      }
      thread.start()
      let first = await nextLine()
      guard first == "ready" else { throw ChildProcessFailure(said: first) }
    }

    /// The next whole line, or nil at the end.
    func nextLine() async -> String? { await iterator.next() }

    /// Every line that is left.
    func remainingLines() async -> [String] {
      var all: [String] = []
      while let line = await nextLine() { all.append(line) }
      return all
    }

    /// Writes a line to the process.
    func send(_ line: String) throws { try input.fileHandleForWriting.write(contentsOf: Data((line + "\n").utf8)) }

    /// Ends the process's input.
    func endInput() throws { try input.fileHandleForWriting.close() }

    /// Kills the process at once, as a crash would.
    func kill() { Foundation.kill(process.processIdentifier, SIGKILL) }

    /// Waits for the process's end, and gives its exit status.
    @discardableResult
    func wait() async -> Int32 {
      for await status in ended.stream { return status }
      return process.terminationStatus
    }

    /// The executable, which is built beside the tests.
    private static func executable() throws -> URL {
      #if canImport(Darwin)
        let tests = Bundle(for: ChildProcess.self).bundleURL
      #else
        let tests = URL(fileURLWithPath: CommandLine.arguments[0])
      #endif
      let url = tests.deletingLastPathComponent().appendingPathComponent("StoreProcess")
      guard FileManager.default.isExecutableFile(atPath: url.path) else { throw ChildProcessFailure(said: url.path) }
      return url
    }
  }

  /// A process that did not start as it should.
  struct ChildProcessFailure: Error {
    let said: String?
  }
#endif
