import BillingKit
import SaaSCore
import Testing

@Suite("Stored bodies")
struct StoredBodyTests {
  private let account = BillingAccount(owner: .customer(Sample.id("cus")))

  @Test("what is encoded names its format, and decodes to the same")
  func roundTrip() throws {
    let bytes = try StoredBody.encode(account)
    #expect(String(decoding: bytes, as: UTF8.self).hasPrefix(#"{"format":1,"value":{"#))
    #expect(try StoredBody.decode(bytes, as: BillingAccount.self) == account)
  }

  @Test(
    "a format that is not known, or none, is refused by its name",
    arguments: [
      ("\"format\":1", "\"format\":2", "format 2"), ("\"format\":1", "\"format\":0", "format 0"),
      ("\"format\":1", "\"other\":1", "format"), ("\"format\":1", "\"format\":\"x\"", "BillingAccount"),
      ("\"value\"", "\"body\"", "value"),
    ])
  func refused(change: (String, String, String)) throws {
    let text = String(decoding: try StoredBody.encode(account), as: UTF8.self).replacing(change.0, with: change.1)
    let error = #expect(throws: StoreError.self) {
      try StoredBody.decode(Array(text.utf8), as: BillingAccount.self)
    }
    guard case .corrupt(let why)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(why.contains(change.2))
  }

  @Test("a tally that was stored before items and the time of unconfirmed units were kept is read as it was meant")
  func oldTally() throws {
    let body = """
      {"format":1,"value":{"billed":[{"end":"2026-03-01T00:00:00Z","start":"2026-02-01T00:00:00Z"}],\
      "carriedIn":0,"customerID":"cus","delivered":5,\
      "deliveredInTime":5,"isMoved":false,"itemID":"si","key":"k","movedIn":0,"movedInTime":0,"organizationID":"org",\
      "pending":{"begunAt":"2026-02-02T00:00:00Z","identifier":"k-3","timestamp":"2026-02-02T00:00:00Z","value":4},\
      "period":{"end":"2026-03-01T00:00:00Z","start":"2026-02-01T00:00:00Z"},\
      "price":{"included":0,"meter":{"name":"m","priceID":"price_runs_m"},\
      "metric":"runs","unit":1},"recent":[],"reports":3,"target":12,"toldUnbilled":0,"unconfirmed":3,"version":7}}
      """
    let tally = try StoredBody.decode(Array(body.utf8), as: UsageTally.self)
    #expect(tally.itemID == Sample.id("si") && tally.formerItems.isEmpty)
    #expect(tally.delivered == 5 && tally.unconfirmed == 3 && tally.unconfirmedInTime == 0)
    let pending = try #require(tally.pending)
    #expect(pending.identifier == "k-3" && pending.value == 4 && pending.lateSince == nil)
    // It was sent to the item that billed the period.
    #expect(pending.itemID == Sample.id("si"))
    #expect(try StoredBody.decode(try StoredBody.encode(tally), as: UsageTally.self) == tally)
  }
}
