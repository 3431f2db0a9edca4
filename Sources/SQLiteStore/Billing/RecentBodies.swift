#if SQLite
  internal import BillingKit
  internal import SaaSCore

  /// The values of the bodies that were read or written last, so that a body is not decoded for every call that reads it.
  ///
  /// A body is compared, byte by byte, with the one whose value is kept. So it does not matter who wrote it, through this
  /// store or another, nor whether a transaction was undone: the value is the one that the bytes decode to.
  final class RecentBodies<Value: Sendable>: Sendable {
    // An object, so that a place without a value takes no room for one.
    private final class Entry: Sendable {
      let bytes: [UInt8]
      let value: Value

      init(_ bytes: [UInt8], _ value: Value) {
        self.bytes = bytes
        self.value = value
      }
    }

    /// Where a body is stored, as a row's key tells; two that share a place displace each other.
    struct Place {
      fileprivate let slot: Int

      /// The place of an owner's body: the one with an ordinal, where there are several.
      init(_ owner: String, ordinal: Int = 0) {
        slot = Int(truncatingIfNeeded: UInt(bitPattern: owner.hashValue &+ ordinal) % UInt(RecentBodies.slotCount))
      }
    }

    /// How many values are kept at most.
    private static var slotCount: Int { 512 }

    private let entries = Lock<[Entry?]>(Array(repeating: nil, count: slotCount))

    /// The value that a body has, if it is kept.
    func value(of bytes: [UInt8], at place: Place) -> Value? {
      guard let entry = entries.withLock({ $0[place.slot] }), entry.bytes == bytes else { return nil }
      return entry.value
    }

    /// Keeps the value that a body has.
    func keep(_ value: Value, of bytes: [UInt8], at place: Place) {
      let entry = Entry(bytes, value)
      // What is displaced goes after the lock is free.
      _ = entries.withLock { entries in
        defer { entries[place.slot] = entry }
        return entries[place.slot]
      }
    }
  }

  /// What all connections of one store keep of billing's bodies.
  struct BillingBodies: Sendable {
    let accounts = RecentBodies<BillingAccount>()
    let subscriptions = RecentBodies<SubscriptionRecord>()
  }

  extension Statement {
    /// The value whose stored body a column has, which is decoded where it is not kept.
    func decoded<Value: Decodable>(
      _ column: Int32, at place: RecentBodies<Value>.Place, in recent: RecentBodies<Value>
    ) throws(Failure) -> Value {
      let bytes = bytes(column)
      if let value = recent.value(of: bytes, at: place) { return value }
      let value: Value = try decoded(column)
      recent.keep(value, of: bytes, at: place)
      return value
    }
  }

  extension Transaction {
    /// A value's stored body, whose value is kept.
    func encoded<Value: Encodable>(
      _ value: Value, at place: RecentBodies<Value>.Place, in recent: RecentBodies<Value>
    ) throws(Failure) -> [UInt8] {
      let bytes = try encoded(value)
      recent.keep(value, of: bytes, at: place)
      return bytes
    }
  }
#endif
