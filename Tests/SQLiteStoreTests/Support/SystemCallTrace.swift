#if SQLite
  import Foundation

  /// The writes and syncs of a process, as `strace` notes them.
  struct SystemCallTrace {
    private let file: ScratchFile
    private var path: String { file.folder.appendingPathComponent("trace").path }

    /// A trace in a file's folder.
    init(beside file: ScratchFile) { self.file = file }

    private static let tool = "/usr/bin/strace"

    /// Whether the tool is there.
    static let isInstalled = FileManager.default.isExecutableFile(atPath: tool)

    /// Whether the system lets one process trace another.
    static let isPermitted = isInstalled && ChildProcess.succeeds([tool, "-f", "-o", "/dev/null", "/bin/true"])

    /// What goes before a command so that it is traced: all its threads, descriptors by their paths.
    var command: [String] { [Self.tool, "-f", "-y", "-e", "trace=fsync,fdatasync,write", "-o", path] }

    /// What a process did that matters to durability.
    enum Call: Equatable {
      case syncOfWAL
      /// A line to the test.
      case said(String)
    }

    /// The calls so far, in the order in which they began.
    func calls() throws -> [Call] {
      // A call that another thread's interrupts has a second line, without the name before its parenthesis.
      try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").compactMap { line in
        if line.contains("sync("), line.contains("-wal>") { return .syncOfWAL }
        guard line.contains("write(1<"), let first = line.firstIndex(of: "\"") else { return nil }
        return .said(String(line[line.index(after: first)...].prefix { $0 != "\\" && $0 != "\"" }))
      }
    }
  }
#endif
