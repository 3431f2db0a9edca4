#if SQLite
  internal import SaaSCore

  /// The numbers of repeated names that one writing connection remembers, so that a row costs no look-up for each name.
  ///
  /// Only what was committed is remembered. Names are never deleted, and so a committed number means the same for ever,
  /// whichever process gave it; a number that a transaction gave is remembered when a later one finds it. So nothing has
  /// to be forgotten when a transaction is undone.
  struct NameNumbers {
    /// So many names are remembered; one more, and all are forgotten.
    static let most = 65_536

    private var numbers: [InlineText: Int64] = [:]
    private var transaction: Int64 = -1
    private var committedThrough: Int64 = 0

    /// The number of a name that was committed, if it is remembered.
    func number(of name: InlineText) -> Int64? { numbers[name] }

    /// Whether the highest committed number was noted for a transaction. It must be before the transaction gives one.
    func knows(transaction: Int64) -> Bool { self.transaction == transaction }

    /// Notes the highest number that was there when a transaction began.
    mutating func begin(transaction: Int64, committedThrough: Int64) {
      self.transaction = transaction
      self.committedThrough = committedThrough
    }

    /// Remembers a number that was found, if it was there when the transaction began.
    mutating func remember(_ number: Int64, of name: InlineText) {
      guard number <= committedThrough else { return }
      if numbers.count >= Self.most { numbers.removeAll(keepingCapacity: true) }
      numbers[name] = number
    }
  }
#endif
