#if SQLite
  internal import BillingKit
  internal import Foundation
  internal import SaaSCore

  /// The values of the bodies that were decoded or written last, so that a body is not decoded for every call that reads
  /// it.
  ///
  /// A body is compared, byte by byte, with the one whose value is kept. So it does not matter who wrote it, through this
  /// store or another, nor whether a transaction was undone: the value is the one that the bytes decode to.
  final class RecentBodies<Value: Sendable>: Sendable {
    // An object, so that moving it counts one reference.
    private final class Entry: Sendable {
      let key: Int
      let bytes: [UInt8]
      let value: Value

      init(_ key: Int, _ bytes: [UInt8], _ value: Value) {
        self.key = key
        self.bytes = bytes
        self.value = value
      }
    }

    /// Where a body is stored, as a row's key tells.
    struct Place {
      fileprivate let key: Int

      /// The place of an owner's body: the one with an ordinal, where there are several.
      init(_ owner: String, ordinal: Int = 0) {
        var hasher = Hasher()
        hasher.combine(owner)
        hasher.combine(ordinal)
        key = hasher.finalize()
      }
    }

    private static var setCount: Int { 128 }
    /// How many values are kept at most of places whose keys fall into the same set.
    private static var mostInSet: Int { 4 }
    /// The most bytes of a body whose value is kept, so that those of all of them together are bounded, too.
    private static var mostBytes: Int { 1 << 16 }

    // The sets, each with what was kept last at its front; none before anything is.
    private let sets = Lock<[[Entry]]>([])

    /// The value that a body has, if it is kept.
    func value(of body: UnsafeRawBufferPointer, at place: Place) -> Value? {
      let entry = sets.withLock { sets in
        sets.isEmpty ? nil : sets[Self.set(of: place)].first { $0.key == place.key }
      }
      guard let entry, entry.bytes.withUnsafeBytes({ $0.hasSameBytes(as: body) }) else { return nil }
      return entry.value
    }

    /// Keeps the value that a body has.
    func keep(_ value: Value, of bytes: [UInt8], at place: Place) {
      guard bytes.count <= Self.mostBytes else { return }
      let entry = Entry(place.key, bytes, value)
      // What is displaced goes after the lock is free.
      _ = sets.withLock { sets -> Entry? in
        if sets.isEmpty { sets = Array(repeating: [], count: Self.setCount) }
        return Self.put(entry, into: &sets[Self.set(of: place)])
      }
    }

    private static func put(_ entry: Entry, into set: inout [Entry]) -> Entry? {
      let place = set.firstIndex { $0.key == entry.key } ?? (set.count < mostInSet ? nil : set.count - 1)
      let displaced = place.map { set.remove(at: $0) }
      set.insert(entry, at: 0)
      return displaced
    }

    private static func set(of place: Place) -> Int {
      Int(truncatingIfNeeded: UInt(bitPattern: place.key) % UInt(setCount))
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
      if let value = withBytes(column, { recent.value(of: $0, at: place) }) { return value }
      let bytes = bytes(column)
      let value: Value = try decoded(bytes)
      recent.keep(value, of: bytes, at: place)
      return value
    }
  }

  extension UnsafeRawBufferPointer {
    fileprivate func hasSameBytes(as other: UnsafeRawBufferPointer) -> Bool {
      guard count == other.count else { return false }
      // Only what is empty may have no address; both have `count` bytes.
      guard let start = baseAddress, let otherStart = other.baseAddress else { return true }
      return memcmp(start, otherStart, count) == 0
    }
  }

  extension Transaction {
    /// A value's stored body, which `encode` makes, and whose value is kept.
    func encoded<Value>(
      _ value: Value, at place: RecentBodies<Value>.Place, in recent: RecentBodies<Value>,
      by encode: (Value) throws(StoreError) -> [UInt8]
    ) throws(Failure) -> [UInt8] {
      let body = try encoded(value, by: encode)
      recent.keep(value, of: body, at: place)
      return body
    }
  }
#endif
