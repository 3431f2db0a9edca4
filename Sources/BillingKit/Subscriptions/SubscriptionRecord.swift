public import SaaSCore

/// What is known of one provider subscription, from every event and read so far.
///
/// It is a value that events and reads are folded into (``apply(_:)-(ProviderEvent)`` and its siblings), such that every
/// order and repeat of the same events gives the same subscription. It keeps
/// beside the latest snapshot what is needed to judge the next input: nothing here is judged by a clock.
public struct SubscriptionRecord: Sendable {
  // One reference, because a record is long and is copied for every question that is asked of an account.
  private var stored: Stored

  // Sendable, and exclusive without being asked: what it has changes only in a record that is being changed itself, and that
  // alone refers to it.
  private final class Stored: @unchecked Sendable {
    @exclusivity(unchecked) var facts: Facts
    init(_ facts: Facts) { self.facts = facts }
  }

  private struct Facts: Sendable, Hashable, Codable {
    let id: SubscriptionID
    let customerID: CustomerID
    var snapshot: SubscriptionSnapshot?
    var basis: Basis?
    var readAsOf: Timestamp?
    var isTied: Bool = false
    var calledAt: Timestamp?
    var knownStatus: StampedStatus?
    var paidUpAt: Timestamp?
    var resolvedPlan: StampedPlan?
    var resolvedSeats: StampedSeats?
    var invoices: [InvoiceFacts] = []
    var periods: [Period] = []
    var metering: [StampedMetering] = []
    var meteringHorizon: Place?
    var told: [StampedDigest]?
    var announcedTrialEnd: Timestamp?
  }

  /// The facts, to be changed: another record that has the same keeps them.
  private var facts: Facts {
    get { stored.facts }
    _modify {
      if !isKnownUniquelyReferenced(&stored) { stored = Stored(stored.facts) }
      yield &stored.facts
    }
  }

  /// The subscription.
  public var id: SubscriptionID { stored.facts.id }
  /// Whose it is.
  public var customerID: CustomerID { stored.facts.customerID }
  /// The latest snapshot; nil while only invoices or a checkout told of the subscription.
  public internal(set) var snapshot: SubscriptionSnapshot? {
    get { stored.facts.snapshot }
    _modify { yield &facts.snapshot }
  }
  /// What the snapshot rests on.
  public internal(set) var basis: Basis? {
    get { stored.facts.basis }
    _modify { yield &facts.basis }
  }
  /// What the latest read is at least as new as; nil where there was none.
  public internal(set) var readAsOf: Timestamp? {
    get { stored.facts.readAsOf }
    _modify { yield &facts.readAsOf }
  }
  /// Whether two different snapshots of one second were told, so that only a read can say which is later.
  public internal(set) var isTied: Bool {
    get { stored.facts.isTied }
    _modify { yield &facts.isTied }
  }
  /// The latest instant of what told that something changed without telling the subscription itself; nil where everything
  /// told so is in a read.
  public internal(set) var calledAt: Timestamp? {
    get { stored.facts.calledAt }
    _modify { yield &facts.calledAt }
  }
  /// The latest status that has a case of its own, which an unknown one does not take away.
  public internal(set) var knownStatus: StampedStatus? {
    get { stored.facts.knownStatus }
    _modify { yield &facts.knownStatus }
  }
  /// The latest instant at which a snapshot told that the subscription was active or trialing, and so owed nothing.
  public internal(set) var paidUpAt: Timestamp? {
    get { stored.facts.paidUpAt }
    _modify { yield &facts.paidUpAt }
  }
  /// The latest plan that the prices of a snapshot resolved to, which an unknown price does not take away.
  public internal(set) var resolvedPlan: StampedPlan? {
    get { stored.facts.resolvedPlan }
    _modify { yield &facts.resolvedPlan }
  }
  /// The latest number of seats that the prices of a snapshot told whole, which an unknown price does not take away.
  public internal(set) var resolvedSeats: StampedSeats? {
    get { stored.facts.resolvedSeats }
    _modify { yield &facts.resolvedSeats }
  }
  /// What invoices told, the latest ``maximumInvoiceCount`` by creation, in its order.
  public internal(set) var invoices: [InvoiceFacts] {
    get { stored.facts.invoices }
    _modify { yield &facts.invoices }
  }
  /// Every period that a snapshot told, by their starts; of one start the one that ends last. A period that was cut short
  /// ends where the next begins.
  public internal(set) var periods: [Period] {
    get { stored.facts.periods }
    _modify { yield &facts.periods }
  }
  /// What was metered, as snapshots told it, in the order of what told them. Up to ``maximumMeteringCount`` it is all of
  /// them; beyond, those go first that told the same as the ones before and after them, the earliest first.
  public internal(set) var metering: [StampedMetering] {
    get { stored.facts.metering }
    _modify { yield &facts.metering }
  }
  /// The place of the latest snapshot that changed what is metered and is forgotten; nil while none is. What was metered
  /// until ``metering`` begins is then not known any more.
  var meteringHorizon: Place? {
    get { stored.facts.meteringHorizon }
    _modify { yield &facts.meteringHorizon }
  }
  /// The snapshots that events told, by their digests, in the order of places; nil for none.
  var told: [StampedDigest]? {
    get { stored.facts.told }
    _modify { yield &facts.told }
  }
  /// The end of the trial whose ending was announced.
  public internal(set) var announcedTrialEnd: Timestamp? {
    get { stored.facts.announcedTrialEnd }
    _modify { yield &facts.announcedTrialEnd }
  }

  /// How many invoices are remembered.
  public static let maximumInvoiceCount = 24
  /// How many periods are remembered: ten years of months.
  public static let maximumPeriodCount = 120
  /// How many snapshots' metered items are remembered.
  public static let maximumMeteringCount = 64

  /// A record of a subscription of which nothing is known yet.
  public init(id: SubscriptionID, customerID: CustomerID) {
    stored = Stored(Facts(id: id, customerID: customerID))
  }

  /// What a snapshot rests on.
  public enum Basis: Sendable, Hashable, Codable {
    /// An event's payload.
    case event(createdAt: Timestamp, id: ProviderEventID)
    /// A read that is at least as new as an instant.
    case read(asOf: Timestamp)
  }

  /// A status with the place of what told it.
  public struct StampedStatus: Sendable, Hashable, Codable {
    /// The status.
    public let status: ProviderStatus
    let place: Place
  }

  /// A plan with the place of what told it.
  public struct StampedPlan: Sendable, Hashable, Codable {
    /// The plan.
    public let planID: PlanID
    let place: Place
  }

  /// A number of seats on a plan with the place of what told it.
  public struct StampedSeats: Sendable, Hashable, Codable {
    /// The plan.
    public let planID: PlanID
    /// How many seats, those that the base price includes counted.
    public let count: Int64
    let place: Place
  }

  /// The metered items of a snapshot with the place of what told it.
  public struct StampedMetering: Sendable, Hashable {
    /// The items, in the provider's order.
    public let items: [MeteredItem]
    let place: Place
  }

  /// A metered item of a subscription.
  public struct MeteredItem: Sendable, Hashable {
    /// The item.
    public let id: SubscriptionItemID
    /// Its price.
    public let priceID: PriceID
  }

  /// The place of an event or a read in the provider's time; events of one second are in the order of their IDs, which
  /// is arbitrary but always the same.
  struct Place: Sendable, Hashable, Comparable {
    let at: Timestamp
    let id: String

    static func < (left: Place, right: Place) -> Bool { (left.at, left.id) < (right.at, right.id) }
  }
}

extension SubscriptionRecord: Hashable {
  public static func == (left: SubscriptionRecord, right: SubscriptionRecord) -> Bool {
    left.stored === right.stored || left.stored.facts == right.stored.facts
  }

  public func hash(into hasher: inout Hasher) { hasher.combine(stored.facts) }
}

extension SubscriptionRecord: Codable {
  /// Reads what ``encode(to:)`` writes.
  public init(from decoder: any Decoder) throws { stored = Stored(try Facts(from: decoder)) }

  /// Writes a member for each property.
  public func encode(to encoder: any Encoder) throws { try stored.facts.encode(to: encoder) }
}

extension SubscriptionRecord: CustomReflectable {
  /// The properties.
  public var customMirror: Mirror {
    Mirror(self, children: Mirror(reflecting: stored.facts).children, displayStyle: .struct)
  }
}

extension SubscriptionRecord {
  /// The status to go by: the snapshot's, or the latest known one where the snapshot's is unknown; nil without any.
  public var status: ProviderStatus? {
    guard let status = snapshot?.status else { return nil }
    return status.isKnown ? status : knownStatus?.status ?? status
  }

  /// The status in four words; incomplete where nothing is known.
  public var posture: BillingPosture { status?.posture ?? .incomplete }

  /// Whether the subscription never changes its status again.
  public var isFinal: Bool { snapshot?.status.isFinal ?? false }

  /// Whether only a read can tell how the subscription stands.
  public var needsRead: Bool {
    if isFinal { return false }
    guard let snapshot, let basis, !isTied else { return true }
    switch basis {
    // An event since a read may have been made before that read or after it. Without any read, what called for one is
    // in a snapshot of a later second; within one second several things can happen.
    case .event(let createdAt, _): return readAsOf != nil || calledAt.map { createdAt <= $0 } ?? false
    // What was told since may show that the read was older than it seemed.
    case .read(let asOf):
      return calledAt.map { asOf <= $0 } ?? false || isOutdated(GatewayRead(snapshot, asOf: asOf))
    }
  }

  /// What the latest payment came to, by the instant of its event; nil before any.
  public var latestPayment: InvoiceFacts? {
    invoices.max { ($0.latest?.place ?? .earliest, $0.key) < ($1.latest?.place ?? .earliest, $1.key) }
  }
}

extension SubscriptionRecord.Place {
  static let earliest = Self(at: .distantPast, id: "")
}
