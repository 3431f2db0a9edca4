import BillingKit
import SaaSCore
import Testing

@Suite("Stored bodies that values write of themselves")
struct StoredBodyWritingTests {
  /// What a value's encoding comes to, without what it writes of itself.
  private static func expected(_ value: some Encodable) throws -> String {
    #"{"format":1,"value":"# + String(decoding: try CanonicalJSON.encode(value), as: UTF8.self) + "}"
  }

  private static func isWrittenAsEncoded(_ value: some Codable & Equatable) throws -> Bool {
    let bytes = try StoredBody.encode(value)
    return try String(decoding: bytes, as: UTF8.self) == expected(value)
      && StoredBody.decode(bytes, as: type(of: value)) == value
  }

  @Test(
    "an account and its records are written as they encode, after every event of a history", arguments: Lifecycle.all)
  func histories(lifecycle: Lifecycle) async throws {
    let (_, customer, events) = try await lifecycle.events()
    var account = BillingAccount(owner: .customer(customer))
    for event in events {
      account.apply(event, catalog: Sample.catalog)
      #expect(try Self.isWrittenAsEncoded(account))
      for record in account.subscriptions { #expect(try Self.isWrittenAsEncoded(record)) }
    }
  }

  @Test("an account in which everything is set is written as it encodes")
  func everything() throws {
    let bytes = Array(Self.everything.utf8)
    let account = try StoredBody.decode(bytes, as: BillingAccount.self)
    let record = try #require(account.subscriptions.first)
    // So that a property that comes later is not forgotten here.
    for value in [account, record, record.snapshot as Any, account.customers[0], record.invoices[0]] as [Any] {
      for property in Mirror(reflecting: value).children {
        #expect(!"\(property.value)".hasPrefix("nil"), "\(property.label ?? "") is not set")
        #expect("\(property.value)" != "[]", "\(property.label ?? "") is empty")
      }
    }
    #expect(try Self.isWrittenAsEncoded(account))
    #expect(try Self.isWrittenAsEncoded(record))
    #expect(try StoredBody.encode(account) == bytes)
  }

  @Test("a record whose places were stored as objects is read as the same, and stored with texts from then on")
  func formerPlaces() throws {
    let head = #"{"format":1,"value":{"customerID":"cus","id":"sub","invoices":[],"isTied":false,"#
    let tail = #""periods":[],"told":["#
    let former =
      head + #""knownStatus":{"place":{"at":"1970-01-01T00:00:05Z","id":"evt"},"status":"active"},"#
      + #""metering":[{"items":[{"id":"si","priceID":"price"}],"place":{"at":"1970-01-01T00:00:05Z","id":"evt"}},"#
      + #"{"items":[],"place":{"at":"1970-01-01T00:00:06Z","id":"~"}}],"#
      + tail + #"{"digest":255,"place":{"at":"1970-01-01T00:00:05Z","id":"evt"}}]}}"#
    let present =
      head + #""knownStatus":{"place":"5000000 evt","status":"active"},"#
      + #""metering":[["5000000 evt","si","price"],["6000000 ~"]],"# + tail + #""ff 5000000 evt"]}}"#
    let record = try StoredBody.decode(Array(former.utf8), as: SubscriptionRecord.self)
    #expect(try StoredBody.decode(Array(present.utf8), as: SubscriptionRecord.self) == record)
    #expect(String(decoding: try StoredBody.encode(record), as: UTF8.self) == present)
  }

  @Test(
    "texts that are no place are refused",
    arguments: ["5", "x evt", " evt", "9223372036854775808 evt", "5.0 evt", ""])
  func noPlace(text: String) throws {
    let body =
      #"{"format":1,"value":{"customerID":"cus","id":"sub","invoices":[],"isTied":false,"metering":[],"#
      + #""meteringHorizon":"\#(text)","periods":[]}}"#
    #expect(throws: StoreError.self) { try StoredBody.decode(Array(body.utf8), as: SubscriptionRecord.self) }
  }

  /// Instants that differ from each other, so that no two properties can be taken for each other.
  private static func at(_ second: Int) -> String { #""2026-01-02T03:04:\#(second).000006Z""# }

  private static let everything = #"""
    {"format":1,"value":{"billingAdmin":"user \"1\"","change":{"attempt":3,"begunAt":\#(at(59)),"key":"k","request":\#
    {"nothing":{}},"subscriptionID":"sub_1","wish":{"keep":{}}},"checkout":{"attempt":2,"begunAt":\#(at(58)),"offer":\#
    {"interval":"month","planID":"pro","seats":1},"request":{"allowsPromotionCodes":false,"automaticTax":true,\#
    "customerID":"cus_1","expiresAt":\#(at(57)),"lines":[{"priceID":"price_1","quantity":1}],"urls":{"cancel":"c","success":\#
    "s"}}},"checkoutAttempts":2,"customerAttempts":1,"customers":[{"deletedAt":\#(at(56)),"id":"cus_1","linkedAt":\#
    \#(at(55))},{"id":"cus_2"}],"grants":[{"endsAt":\#(at(54)),"grantedBy":"ops","id":"g","kind":{"plan":{"_0":"team",\#
    "seats":3}},"reason":"r","startsAt":"2026-01-01T00:00:00Z"}],"operations":-4,"owner":{"organization":{"_0":"org_1"}},\#
    "pendingCustomer":{"attempt":1,"begunAt":\#(at(53)),"email":"e","name":"n"},"subscriptions":[{"announcedTrialEnd":\#
    \#(at(52)),"basis":{"event":{"createdAt":\#(at(51)),"id":"evt_1"}},"calledAt":\#(at(50)),"customerID":"cus_1","id":\#
    "sub_1","invoices":[{"createdAt":\#(at(49)),"firstFailedAt":\#(at(48)),"id":"in_1","isRenewal":true,"latest":{"amount":\#
    {"currency":"EUR","minorUnits":-7},"attemptCount":2,"kind":"failed","nextAttemptAt":\#(at(47)),"place":"5 evt_1"},\#
    "paidAt":\#(at(46)),"period":{"end":\#(at(45)),"start":"2026-01-01T00:00:00Z"}}],"isTied":true,"knownStatus":{"place":\#
    "-5 ","status":"active"},"metering":[["5 evt_1","si_1","price_1","si_2","price_2"],["6 ~"]],"meteringHorizon":"4 evt_0",\#
    "paidUpAt":\#(at(44)),"periods":[{"end":\#(at(43)),"start":"2026-01-01T00:00:00Z"}],"readAsOf":\#(at(42)),\#
    "resolvedPlan":{"place":"5 evt_1","planID":"pro"},"resolvedSeats":{"count":3,"place":"5 evt_1","planID":"pro"},\#
    "snapshot":{"cancelAt":\#(at(41)),"cancelAtPeriodEnd":true,"canceledAt":\#(at(40)),"createdAt":\#(at(39)),\#
    "customerID":"cus_1","endedAt":\#(at(38)),"id":"sub_1","items":[{"currentPeriod":{"end":\#(at(37)),"start":\#
    "2026-01-01T00:00:00Z"},"id":"si_1","priceID":"price_1","quantity":2,"usageType":"licensed"},{"id":"si_2","priceID":\#
    "price_2","usageType":"metered"}],"latestInvoiceID":"in_1","metadata":{"a\\b":"ü","orgId":"org_1"},"pausedCollection":\#
    {"behavior":"void","resumesAt":\#(at(36))},"startedAt":\#(at(35)),"status":"past_due","trialEnd":\#(at(34)),\#
    "trialStart":\#(at(33))},"told":["ff 5 evt_1","10 6 evt \"2\""]}],"toldPlan":{"planID":"pro","seats":1},"version":12}}
    """#
}
