#if SQLite
  public import SaaSCore

  /// Why a file could not be opened as a ``SQLiteStore``. A file that is refused is left as it was.
  public enum SQLiteOpeningError: Error, Sendable, Hashable {
    /// A later version of this library wrote the file; this one knows fewer migrations than were applied to it.
    case newerSchema(found: Int, known: Int)
    /// The file is a SQLite database of another application.
    case foreignFile
    /// The store failed: `corrupt` where the file is no SQLite database, or a damaged one; `unavailable` otherwise.
    case store(StoreError)
  }
#endif
