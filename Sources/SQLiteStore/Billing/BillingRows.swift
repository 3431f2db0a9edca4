#if SQLite
  internal import BillingKit
  internal import SaaSCore

  extension BillingStoreError: StoreFailing {
    init(_ error: StoreError) { self = .store(error) }
  }

  extension BillingAccount.Owner {
    /// The owner as the column has it.
    var column: String {
      switch self {
      case .organization(let id): "o:\(id)"
      case .customer(let id): "c:\(id)"
      }
    }
  }

  extension Statement {
    /// The value whose stored body a column has.
    func decoded<Value: Decodable>(_ column: Int32, as type: Value.Type = Value.self) throws(Failure) -> Value {
      try decoded(bytes(column))
    }

    /// The value of a stored body that was read.
    func decoded<Value: Decodable>(_ bytes: [UInt8]) throws(Failure) -> Value {
      do throws(StoreError) {
        return try StoredBody.decode(bytes)
      } catch {
        throw Failure(error)
      }
    }

    /// The owner in a column, which `BillingAccount.Owner.column` wrote.
    func owner(_ column: Int32) throws(Failure) -> BillingAccount.Owner {
      let text = try string(column)
      let name = String(text.dropFirst(2))
      if text.hasPrefix("o:"), let id = try? OrgID(name) { return .organization(id) }
      if text.hasPrefix("c:"), let id = try? CustomerID(name) { return .customer(id) }
      throw unreadable("the owner \(text)")
    }
  }

  extension Transaction {
    /// A value's stored body, which `encode` makes.
    func encoded<Value>(_ value: Value, by encode: (Value) throws(StoreError) -> [UInt8]) throws(Failure) -> [UInt8] {
      do throws(StoreError) {
        return try encode(value)
      } catch {
        throw Failure(error)
      }
    }
  }
#endif
