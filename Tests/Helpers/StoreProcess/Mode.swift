#if SQLite
  import Foundation
  import SQLiteStore

  /// One thing that the process can be asked to do.
  struct Mode: Sendable {
    let name: String
    /// Works on the open store with the arguments that follow the file.
    let run: @Sendable (SQLiteStore, [String]) async throws -> Void

    /// Every mode; a new one is a file beside this one, and an entry here.
    static let all: [Mode] = [
      .admitRuns, .deliverEvent, .deliverEvents, .createEach, .createTenants, .recordFacts, .recordUsage, .reportUsage,
      .reprice,
      .retain, .rollUp, .serveHosts,
    ]
  }

  /// Writes a line to the test, in one call, so that a killed process leaves no half of one unseen.
  func tell(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
#endif
