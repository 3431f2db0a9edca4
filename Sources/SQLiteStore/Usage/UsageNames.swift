#if SQLite
  internal import SaaSCore
  internal import UsageKit

  extension Transaction {
    /// The number of a name that is there, or nil.
    func knownNumber(of name: InlineText) throws(Failure) -> Int64? {
      let statement = try statement(.nameNumber)
      statement.bind(name, at: 1)
      return try statement.first { (row) throws(Failure) in row.int64(0) }
    }
  }

  /// The numbers of names within one call that writes.
  struct UsageNames<Failure: StoreFailing> {
    private let transaction: Transaction<Failure>
    /// Names that this call gave a number; what it did may yet be undone.
    private var given: [InlineText: Int64] = [:]

    init(_ transaction: Transaction<Failure>) { self.transaction = transaction }

    /// The number of a name, given now where it has none.
    mutating func number(of name: InlineText) throws(Failure) -> Int64 {
      let connection = transaction.connection
      if let number = connection.nameNumbers.number(of: name) ?? given[name] { return number }
      if !connection.nameNumbers.knows(transaction: connection.transactions) {
        let last = try transaction.statement(.lastNameNumber).first { (row) throws(Failure) in row.int64(0) }
        connection.nameNumbers.begin(transaction: connection.transactions, committedThrough: last ?? 0)
      }
      if let number = try transaction.knownNumber(of: name) {
        connection.nameNumbers.remember(number, of: name)
        return number
      }
      let statement = try transaction.statement(.insertName)
      statement.bind(name, at: 1)
      try statement.run()
      let number = transaction.lastInsertedRow
      given[name] = number
      return number
    }

    /// The number of a user or workflow, 0 where it is unknown.
    mutating func number<Name: Identifier>(of name: Attributed<Name>) throws(Failure) -> Int64 {
      guard let name = name.name else { return 0 }
      return try number(of: name.text)
    }
  }

  /// The last name in one column of many rows with its number: most rows have the name of the row before.
  struct RepeatedName {
    private var name = InlineText()
    private var number: Int64 = 0

    /// The number of a name.
    mutating func number<Failure: StoreFailing>(of name: InlineText, in names: inout UsageNames<Failure>)
      throws(Failure) -> Int64
    {
      // Names are never empty, and so the first one differs.
      if name == self.name { return number }
      number = try names.number(of: name)
      self.name = name
      return number
    }
  }
#endif
