#if SQLite
  import Foundation
  import SaaSCore

  /// A `StoreProcess` at work beside the test, whose lines the test reads.
  ///
  /// It is started and awaited by the system's own calls: Foundation's `Process` learns of an end through `select`, which
  /// cannot see the descriptors past 1 023 that a whole suite of stores opens at once.
  final class ChildProcess: @unchecked Sendable {
    // Sendable: the input and the iterator are used by the test's own task alone, the output by the reading thread alone.
    private let identifier: pid_t
    private let input: FileHandle
    private var iterator: AsyncStream<String>.Iterator
    private let ended: AsyncStream<Int32>

    /// Starts a process in a mode on a file, and waits until it has the file open.
    /// - Parameter trace: where its system calls are noted; nil for nowhere.
    convenience init(_ mode: String, _ path: String, _ arguments: String..., trace: SystemCallTrace? = nil)
      async throws
    {
      try await self.init(mode, path, arguments, trace: trace)
    }

    /// Starts a process in a mode on a file, and waits until it has the file open.
    init(_ mode: String, _ path: String, _ arguments: [String], trace: SystemCallTrace? = nil) async throws {
      let (lines, sink) = AsyncStream<String>.makeStream()
      let (ended, end) = AsyncStream<Int32>.makeStream()
      self.ended = ended
      iterator = lines.makeAsyncIterator()
      let words = (trace?.command ?? []) + [try Self.executable().path, mode, path] + arguments
      // One at a time, so that no child inherits another's pipe between its making and its marking.
      let (standardInput, standardOutput, started) = try Self.starting.withLock { _ in
        let (input, output) = (try Self.pipe(), try Self.pipe())
        return (input, output, try Self.spawn(words, input: input.reading, output: output.writing))
      }
      identifier = started
      close(standardInput.reading)
      close(standardOutput.writing)
      input = FileHandle(fileDescriptor: standardInput.writing, closeOnDealloc: true)
      let thread = Thread { [identifier] in
        let reading = FileHandle(fileDescriptor: standardOutput.reading, closeOnDealloc: true)
        var rest = Data()
        while case let data = reading.availableData, !data.isEmpty {
          rest.append(data)
          while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
            sink.yield(String(decoding: rest[rest.startIndex..<newline], as: UTF8.self))
            rest = Data(rest[(newline + 1)...])
          }
        }
        sink.finish()
        end.yield(Self.status(of: identifier))
        end.finish()
      }
      thread.start()
      let first = await nextLine()
      guard first == "ready" else { throw ChildProcessFailure(said: first) }
    }

    private static let starting = Lock(())

    /// A pipe that no other process inherits.
    private static func pipe() throws -> (reading: Int32, writing: Int32) {
      var ends: [Int32] = [-1, -1]
      guard Foundation.pipe(&ends) == 0 else { throw ChildProcessFailure(said: "no pipe") }
      for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
      return (ends[0], ends[1])
    }

    private static func spawn(_ words: [String], input: Int32, output: Int32, errors: Int32 = 2) throws -> pid_t {
      #if canImport(Darwin)
        var actions: posix_spawn_file_actions_t?
      #else
        var actions = posix_spawn_file_actions_t()
      #endif
      posix_spawn_file_actions_init(&actions)
      defer { posix_spawn_file_actions_destroy(&actions) }
      posix_spawn_file_actions_adddup2(&actions, input, 0)
      posix_spawn_file_actions_adddup2(&actions, output, 1)
      posix_spawn_file_actions_adddup2(&actions, errors, 2)
      var arguments = words.map { strdup($0) } + [nil]
      defer { for argument in arguments { free(argument) } }
      var identifier: pid_t = 0
      let failure = posix_spawn(&identifier, words[0], &actions, nil, &arguments, environ)
      guard failure == 0 else { throw ChildProcessFailure(said: "not started: \(failure)") }
      return identifier
    }

    /// Waits for a process's end: its exit status, or the number of the signal that ended it (POSIX's WEXITSTATUS and
    /// WTERMSIG).
    private static func status(of identifier: pid_t) -> Int32 {
      var status: Int32 = 0
      while waitpid(identifier, &status, 0) == -1, errno == EINTR {}
      return status & 0x7f == 0 ? status >> 8 & 0xff : status & 0x7f
    }

    /// Whether a command can be started and ends well; what it says is thrown away.
    static func succeeds(_ words: [String]) -> Bool {
      let null = open("/dev/null", O_RDWR)
      defer { close(null) }
      let started = try? starting.withLock { _ in try spawn(words, input: null, output: null, errors: null) }
      return started.map(status(of:)) == 0
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
    func send(_ line: String) throws { try input.write(contentsOf: Data((line + "\n").utf8)) }

    /// Ends the process's input.
    func endInput() throws { try input.close() }

    /// Kills the process at once, as a crash would.
    func kill() { Foundation.kill(identifier, SIGKILL) }

    /// Waits for the process's end, and gives its exit status.
    @discardableResult
    func wait() async -> Int32 {
      for await status in ended { return status }
      return -1
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
