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
}
