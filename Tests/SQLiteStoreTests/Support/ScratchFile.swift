#if SQLite
  import Foundation
  @testable import SQLiteStore

  /// A path in a folder of its own, which goes with the value.
  final class ScratchFile: Sendable {
    let folder: URL
    var path: String { folder.appendingPathComponent("store.sqlite").path }

    init() throws {
      folder = FileManager.default.temporaryDirectory.appendingPathComponent("saas-\(UUID().uuidString)")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Opens the file as a store, and closes it afterwards.
    @discardableResult
    func withStore<Answer: Sendable>(
      options: SQLiteStore.Options = .init(), _ body: (SQLiteStore) async throws -> Answer
    ) async throws -> Answer {
      let store = try await SQLiteStore(path: path, options: options)
      do {
        let answer = try await body(store)
        await store.close()
        return answer
      } catch {
        await store.close()
        throw error
      }
    }
  }
#endif
