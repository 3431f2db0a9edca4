internal import SaaSCore

// What events told of a subscription, by its digest: so that a read which is older than an event that was applied, an
// answer out of a cache for one, is known where it comes.

extension SubscriptionRecord {
  /// The digest of a snapshot with the place of the event that told it.
  struct StampedDigest: Sendable, Hashable {
    let place: Place
    let digest: UInt64
  }

  /// How many events' snapshots are remembered by their digests.
  static let maximumToldCount = 32

  /// Remembers a snapshot, the latest ones by their places, whatever the order in which they come.
  mutating func remember(_ snapshot: SubscriptionSnapshot, at place: Place) {
    var told = told ?? []
    let index = told.partitioningIndex { $0.place >= place }
    if index < told.count, told[index].place == place { return }
    told.insert(StampedDigest(place: place, digest: snapshot.digest), at: index)
    told.removeFirst(max(0, told.count - Self.maximumToldCount))
    self.told = told
  }

  /// Whether a read is surely older than an event that was applied: it began in an earlier second than the latest one by
  /// the provider's clock, and tells what one of a still earlier second told.
  ///
  /// Both are asked for. A read's instant is never later than its beginning and may lie well before it, so it alone proves
  /// nothing; and what was told may come true again, as where a cancellation is taken back.
  func isOutdated(_ read: GatewayRead<SubscriptionSnapshot>) -> Bool {
    guard let latest = told?.last, read.asOf < latest.place.at else { return false }
    let digest = read.value.digest
    return told?.last { $0.digest == digest }.map { $0.place.at < latest.place.at } ?? false
  }
}

extension SubscriptionSnapshot {
  /// 64 bits that follow from every field, the same in every process (FNV-1a); different for different snapshots but by
  /// rare chance.
  var digest: UInt64 {
    var digest = FieldDigest()
    digest.add(id)
    digest.add(customerID)
    digest.add(status.providerText)
    digest.add(createdAt)
    digest.add(startedAt)
    digest.add(cancelAt)
    digest.add(canceledAt)
    digest.add(endedAt)
    digest.add(trialStart)
    digest.add(trialEnd)
    digest.add(pausedCollection?.resumesAt)
    digest.add(cancelAtPeriodEnd ? 1 : 0)
    digest.add(pausedCollection?.behavior)
    digest.add(latestInvoiceID)
    for item in items {
      digest.add(item.id)
      digest.add(item.priceID)
      digest.add(item.quantity)
      digest.add(item.usageType.rawValue)
      digest.add(item.currentPeriod?.start)
      digest.add(item.currentPeriod?.end)
    }
    for (name, value) in metadata.sorted(by: { $0.key < $1.key }) {
      digest.add(name)
      digest.add(value)
    }
    return digest.value
  }
}

/// FNV-1a over fields as texts, without making the texts.
private struct FieldDigest {
  private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

  private mutating func add(byte: UInt8) { value = (value ^ UInt64(byte)) &* 0x100_0000_01b3 }

  // No text has the byte 255, which ends each. A missing one is a zero byte, which tells it from an empty one.
  private mutating func end() { add(byte: 0xff) }
  private mutating func addNothing() {
    add(byte: 0)
    end()
  }

  mutating func add(_ text: String?) {
    guard let text else { return addNothing() }
    for byte in text.utf8 { add(byte: byte) }
    end()
  }

  mutating func add(_ identifier: (some Identifier)?) {
    guard let identifier else { return addNothing() }
    identifier.text.forEachByte { add(byte: $0) }
    end()
  }

  /// Adds a number's decimal digits.
  mutating func add(_ number: Int64?) {
    guard let number else { return addNothing() }
    if number < 0 { add(byte: UInt8(ascii: "-")) }
    number.magnitude.withDecimalDigits { digits in
      for byte in digits { add(byte: byte) }
    }
    end()
  }

  mutating func add(_ instant: Timestamp?) { add(instant?.microseconds) }
}
