// A process that works on a store's file, for tests that need more than one process or kill one.
//
//   StoreProcess MODE FILE [ARGUMENT…]
//
// It writes "ready" once the file is open, and then a line for each thing that the store has acknowledged; a line is
// written whole or not at all. See `Mode` for the modes.
#if SQLite
  import Foundation
  import SQLiteStore

  let arguments = CommandLine.arguments
  guard arguments.count >= 3, let mode = Mode.all.first(where: { $0.name == arguments[1] }) else {
    FileHandle.standardError.write(Data("modes: \(Mode.all.map(\.name).joined(separator: " "))\n".utf8))
    exit(64)
  }
  let store = try await SQLiteStore(path: arguments[2], options: .init(busyTimeout: .seconds(20)))
  tell("ready")
  try await mode.run(store, Array(arguments.dropFirst(3)))
  await store.close()
#endif
