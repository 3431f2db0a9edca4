import BillingKit
import LoopbackServer
import SaaSCore
import StripeGateway
import Testing

@Suite struct StripeUsageRecordTests {
  /// A summary from seconds after the fixtures' start to others, or of the running period.
  private static func summary(_ usage: String, _ start: String, _ end: String, id: String = "sis") -> String {
    """
    {"id":"\(id)","object":"usage_record_summary","invoice":null,"livemode":false,
    "period":{"start":\(start),"end":\(end)},"subscription_item":"si_9","total_usage":\(usage)}
    """
  }

  private static let month: Int64 = 30 * 86_400
  private static let before = summary("9", "1747408000", "1750000000")
  private static let asked = summary("42", "1750000000", "1752592000")
  private static let running = summary("3", "null", "null")

  /// The month from the fixtures' start, from the first whole minute to the last.
  private func period() throws -> Period {
    let start = StripeFixture.start + .seconds(20)
    return try #require(Period(start: start, end: start + .seconds(Self.month)))
  }

  private func sum(_ server: LoopbackServer, items: [String] = ["si_9"]) async throws -> Int64? {
    let records = try StripeCall.records(StripeFixture.configuration(server))
    return try await records.reportedSum(StripeCall.sumQuery(period(), items: items))
  }

  /// Lists of summaries, and what they tell of the month.
  private static let table: [([String], Int64?)] = [
    ([running, asked, before], 42), ([asked], 42), ([], nil), ([running, before], nil), ([before, asked], nil),
    // Bounds that lie elsewhere, or are not told, are of another question.
    ([summary("42", "1750000000", "1752591900")], nil), ([summary("42", "1749999900", "1752592000")], nil),
    ([summary("42", "null", "1752592000")], nil), ([summary("42", "1750000000", "null")], nil),
    // The first whole minute is the same of every second in the one before.
    ([summary("0", "1750000020", "1752591961")], 0),
  ]

  @Test(arguments: table)
  func `only the summary of the very period tells its sum`(summaries: [String], expected: Int64?) async throws {
    let server = try LoopbackServer { _ in StripeFixture.answer(StripeFixture.list(summaries)) }
    #expect(try await sum(server) == expected)
    #expect(server.requests.count == 1)
  }

  @Test func `the sum of several items needs the summary of each`() async throws {
    let pages = [
      "/v1/subscription_items/si_1/usage_record_summaries": StripeFixture.list([Self.running, Self.asked]),
      "/v1/subscription_items/si_2/usage_record_summaries": StripeFixture.list([
        Self.running, Self.summary("8", "1750000000", "1752592000"),
      ]),
    ]
    let server = try LoopbackServer { request in
      pages[request.path].map { StripeFixture.answer($0) }
        ?? StripeFixture.answer(
          #"{"error":{"type":"invalid_request_error","code":"resource_missing","message":"No such item"}}"#, status: 404
        )
    }
    #expect(try await sum(server, items: ["si_1", "si_2"]) == 50)
    // A removed item is not told of any more.
    #expect(try await sum(server, items: ["si_1", "si_3"]) == nil)
    #expect(try await sum(server, items: []) == nil)
  }

  @Test func `summaries are read on until the period, and no further`() async throws {
    let server = try LoopbackServer { request in
      let after = request.query.first { $0.name == "starting_after" }?.value
      let summaries = after == nil ? [Self.summary("1", "null", "null", id: "sis_1")] : [Self.asked]
      return StripeFixture.answer(StripeFixture.list(summaries, hasMore: true))
    }
    #expect(try await sum(server) == 42)
    #expect(server.requests.map { $0.query.first { $0.name == "starting_after" }?.value } == [nil, "sis_1"])
  }

  @Test(arguments: ["null", "\"42\"", "1.5"])
  func `a total that is no whole number is unreadable`(usage: String) async throws {
    let server = try LoopbackServer { _ in
      StripeFixture.answer(StripeFixture.list([Self.summary(usage, "1750000000", "1752592000")]))
    }
    let error = await #expect(throws: GatewayError.self) { try await sum(server) }
    #expect(error?.kind == .unreadable)
  }

  @Test func `a sum beyond the range is unreadable`() async throws {
    let server = try LoopbackServer { _ in
      StripeFixture.answer(StripeFixture.list([Self.summary("\(Int64.max)", "1750000000", "1752592000")]))
    }
    let error = await #expect(throws: GatewayError.self) { try await sum(server, items: ["si_1", "si_2"]) }
    #expect(error?.kind == .unreadable)
  }
}
