#if SQLite
  /// One step from a schema to the next. Once released it never changes: files remember how many steps they took.
  struct Migration: Sendable {
    /// What it brings, for the operator's log.
    let name: String
    /// Its statements, run in order.
    let statements: [String]

    init(_ name: String, _ statements: [String]) {
      self.name = name
      self.statements = statements
    }
  }
#endif
