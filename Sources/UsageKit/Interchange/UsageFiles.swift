internal import Foundation

/// A file's bytes in chunks, read when they are asked for.
struct FileChunks: AsyncSequence, AsyncIteratorProtocol {
  private let handle: FileHandle
  private static let chunkSize = 1 << 18

  /// Opens a file.
  init(path: String) throws {
    handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
  }

  func makeAsyncIterator() -> FileChunks { self }

  mutating func next() async throws -> Data? {
    guard let data = try handle.read(upToCount: Self.chunkSize), !data.isEmpty else { return nil }
    return data
  }
}

extension UsageImporter {
  /// Records what a file says, read in chunks; see ``importLines(of:format:badLines:onBadLine:onProgress:)``.
  /// - Throws: ``UsageImportError``, with what was recorded until then.
  public func importFile(
    at path: String, format: UsageFormat, badLines: BadLines = .skip,
    onBadLine: @Sendable (BadUsageLine) -> Void = { _ in },
    onProgress: @Sendable (UsageImportReport) -> Void = { _ in }
  ) async throws(UsageImportError) -> UsageImportReport {
    let chunks: FileChunks
    do {
      chunks = try FileChunks(path: path)
    } catch {
      throw UsageImportError(reason: .source("\(error)"), report: UsageImportReport())
    }
    return try await importLines(
      of: chunks, format: format, badLines: badLines, onBadLine: onBadLine, onProgress: onProgress)
  }
}

/// Why an export could not be written to a file.
public enum UsageExportError: Error, Sendable, Hashable {
  /// The file cannot be written; the text is for the operator.
  case file(String)
  /// The store did not answer.
  case usage(UsageStoreError)
}

extension UsageExport {
  /// Writes the export to a file, which is made or emptied first.
  public func write(toFile path: String) async throws(UsageExportError) {
    let handle: FileHandle
    do {
      try Data().write(to: URL(fileURLWithPath: path))
      handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    } catch {
      throw .file("\(error)")
    }
    var iterator = makeAsyncIterator()
    while true {
      let bytes: [UInt8]?
      do {
        bytes = try await iterator.next()
      } catch {
        throw .usage(error)
      }
      do {
        guard let bytes else { return try handle.close() }
        try handle.write(contentsOf: bytes)
      } catch {
        throw .file("\(error)")
      }
    }
  }
}
