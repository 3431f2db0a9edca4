internal import SaaSCore

// What events told of a subscription, by its digest: so that a read which is older than an event that was applied, an
// answer out of a cache for one, is known where it comes.

extension SubscriptionRecord {
  /// The digest of a snapshot with the place of the event that told it.
  struct StampedDigest: Sendable, Hashable, Codable {
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
    var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    func add(_ text: String?) {
      // No text has the byte 255, which ends each; a missing one is told from an empty one.
      for byte in (text ?? "\u{0}").utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01b3 }
      digest = (digest ^ 0xff) &* 0x100_0000_01b3
    }
    func addInstant(_ instant: Timestamp?) { add(instant.map { String($0.microseconds) }) }
    add(id.rawValue)
    add(customerID.rawValue)
    add(status.providerText)
    addInstant(createdAt)
    for instant in [startedAt, cancelAt, canceledAt, endedAt, trialStart, trialEnd, pausedCollection?.resumesAt] {
      addInstant(instant)
    }
    add(cancelAtPeriodEnd ? "1" : "0")
    add(pausedCollection?.behavior)
    add(latestInvoiceID?.rawValue)
    for item in items {
      add(item.id.rawValue)
      add(item.priceID.rawValue)
      add(item.quantity.map { String($0) })
      add(item.usageType.rawValue)
      addInstant(item.currentPeriod?.start)
      addInstant(item.currentPeriod?.end)
    }
    for (name, value) in metadata.sorted(by: { $0.key < $1.key }) {
      add(name)
      add(value)
    }
    return digest
  }
}
