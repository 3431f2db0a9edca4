import AdminReports
import BillingKit
import Foundation
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing
import UsageKit

@Suite struct BillingSectionTests {
  @Test("without a subscription there is the default plan, no invoice and no portal")
  func noSubscription() async throws {
    let world = try await SellingWorld()
    let section = try #require(try await world.section())
    #expect(section.planID == .free && section.source == .none)
    #expect(section.status == nil && section.posture == nil)
    #expect(section.nextInvoiceAt == nil && section.endsAt == nil && section.trialEndsAt == nil)
    #expect(!section.hasCustomer && section.warnings.isEmpty)
  }

  @Test("a dashboard without billing has no such section")
  func noBilling() async throws {
    let world = try await SellingWorld()
    let dashboard = AdminDashboard(tenants: world.tenants.store, usage: world.usage)
    #expect(try await dashboard.billing(for: world.tenant, as: world.owner, at: world.now) == nil)
  }

  @Test("a paid subscription tells when the next invoice comes")
  func paid() async throws {
    let world = try await SellingWorld()
    _ = try await world.buy(.pro)
    let section = try #require(try await world.section())
    #expect(section.planID == .pro && section.source == .subscription && section.status == .active)
    #expect(section.nextInvoiceAt == section.period.end && section.nextInvoiceAt.map { $0 > world.now } == true)
    #expect(section.hasCustomer && section.endsAt == nil && section.warnings.isEmpty)
  }

  @Test("a trial tells when it ends, and warns of it")
  func trial() async throws {
    let world = try await SellingWorld()
    _ = try await world.buy(PlanID("trial"))
    let section = try #require(try await world.section())
    #expect(section.status == .trialing)
    #expect(section.trialEndsAt == world.now + .seconds(14 * 86_400))
    #expect(section.warnings.map(\.kind) == [.trialEnding])
    #expect(section.warnings.first?.at == section.trialEndsAt)
    #expect(section.nextInvoiceAt == section.trialEndsAt)
  }

  @Test("a cancellation with the period ends the plan, and no invoice follows")
  func canceling() async throws {
    let world = try await SellingWorld()
    let id = try #require(try await world.buy(.pro))
    world.gateway.cancelInPortal(id)
    try await world.hear()
    let section = try #require(try await world.section())
    #expect(section.endsAt == section.period.end && section.nextInvoiceAt == nil)
    #expect(section.warnings == section.warnings.filter { $0.kind == .canceling && $0.at == section.endsAt })
    #expect(section.warnings.count == 1)
  }

  @Test("a cancellation at an instant ends the plan then")
  func cancelingAt() async throws {
    let world = try await SellingWorld()
    let id = try #require(try await world.buy(.pro))
    let end = world.now + .seconds(10 * 86_400)
    try await world.tell({ $0.cancelAt = end }, of: id)
    let section = try #require(try await world.section())
    #expect(section.endsAt == end && section.nextInvoiceAt == nil)
  }

  @Test("paused and ended subscriptions have no next invoice", arguments: [true, false])
  func noInvoice(paused: Bool) async throws {
    let world = try await SellingWorld()
    let id = try #require(try await world.buy(.pro))
    if paused { try await world.tell({ $0.status = .paused }, of: id) } else { world.gateway.end(id) }
    try await world.hear()
    let section = try #require(try await world.section())
    #expect(section.status == (paused ? .paused : .canceled))
    #expect(section.nextInvoiceAt == nil)
  }

  @Test(
    "a limit warns from 80 % and is reached at 100 %",
    arguments: [
      (0, 0, nil), (79, 79, nil), (80, 80, ReportWarning.Kind.limitNear), (99, 99, .limitNear),
      (100, 100, .limitReached), (120, 120, .limitReached),
    ] as [(Int, Int64, ReportWarning.Kind?)])
  func limits(runs: Int, percent: Int64, warning: ReportWarning.Kind?) async throws {
    let world = try await SellingWorld(at: Timestamp(seconds: 1_768_000_123))
    try await world.record(runs: runs)
    let section = try #require(try await world.section())
    let limit = try #require(section.limits.first)
    #expect(limit.usedPercent == percent && limit.used == "\(runs)" && limit.cap == "100")
    #expect(limit.remaining == "\(max(0, 100 - runs))" && limit.action == .block)
    #expect(section.warnings.map(\.kind) == [warning].compactMap(\.self))
    if let told = section.warnings.first {
      #expect(told.subjects == ["runs"] && told.amount == "\(runs)" && told.cap == "100")
      #expect(told.period == limit.period)
    }
    let rows = try await world.dashboard.audit(limit.audit, limit: .maximum, for: world.tenant, as: world.owner)
    #expect(rows.runs.count == runs)
  }

  @Test("a cost limit counts exact dollars")
  func costLimit() async throws {
    let world = try await SellingWorld()
    _ = try await world.buy(.pro)
    let event = try UsageEvent(
      id: EventID("e"), runID: RunID("r"), provider: ProviderName("p"), model: ModelName("m"),
      tokens: TokenCounts(prompt: 1, completion: 1), durationMilliseconds: 1, createdAt: world.now)
    let cost = EventCost.priced(PicoUSD(picos: 19_999_999_999_999), rate: try RateID("r"))
    _ = try await world.usage.record(
      [UsageBatch([.event(PricedEvent(event, cost: cost))], for: world.tenant)], at: world.now)
    let limit = try #require(try await world.section()?.limits.first)
    #expect(limit.used == "19.999999999999" && limit.cap == "25" && limit.usedPercent == 79)
  }

  @Test("a failed payment, a price or status that nobody knows and a deleted customer are told")
  func providerWarnings() async throws {
    var world = try await SellingWorld()
    var id = try #require(try await world.buy(.pro))
    try await world.tell({ $0.status = .pastDue }, of: id)
    var section = try #require(try await world.section())
    // Told after a read, the change calls for another one.
    #expect(section.warnings.map(\.kind) == [.pastDue, .unsettled])
    #expect(section.warnings.first?.at.map { $0 > world.now } == true)
    #expect(section.warnings.last?.subjects == [id.rawValue])

    world = try await SellingWorld()
    id = try #require(try await world.buy(.pro))
    try await world.tell({ $0.items[0].priceID = SellingWorld.strangePrice }, of: id)
    section = try #require(try await world.section())
    #expect(section.warnings.first { $0.kind == .unresolvedPrice }?.subjects == ["price_strange"])

    world = try await SellingWorld()
    let other = try #require(try await world.buy(.pro))
    world.gateway.advance(by: .seconds(60))
    world.gateway.setUnknownStatus("frozen", other)
    try await world.hear()
    section = try #require(try await world.section())
    #expect(section.warnings.first { $0.kind == .unknownStatus }?.subjects == ["frozen"])

    world = try await SellingWorld()
    _ = try await world.buy(.pro)
    let customer = try #require(world.gateway.customerIDs.first)
    world.gateway.deleteCustomer(customer)
    try await world.hear()
    section = try #require(try await world.section())
    #expect(section.warnings.contains { $0.kind == .customerDeleted && $0.subjects == [customer.rawValue] })
    #expect(!section.hasCustomer)
  }

  @Test("two paid subscriptions are told by name")
  func duplicates() async throws {
    let world = try await SellingWorld()
    let first = try #require(try await world.buy(.pro))
    let customer = try #require(world.gateway.customerIDs.first)
    let second = world.gateway.subscribe(customer, to: [CheckoutLine(priceID: try PriceID("price_pro"), quantity: 1)])
    try await world.hear()
    let warning = try #require(try await world.section()?.warnings.first { $0.kind == .duplicateSubscription })
    #expect(Set(warning.subjects) == [first.rawValue, second.rawValue])
  }

  @Test("usage that could not be billed is told once its period's invoice is final")
  func unbilled() async throws {
    let world = try await SellingWorld()
    let period = try #require(Period(start: world.now - .seconds(86_400), end: world.now))
    var tally = UsageTally(
      key: "tally", organizationID: world.tenant.organizationID, customerID: try CustomerID("cus_1"),
      price: MeteredPrice(
        metric: .tokens, meter: UsageMeter(name: "tokens", meterID: nil, priceID: try PriceID("price_tokens"))),
      itemID: try SubscriptionItemID("si_1"), period: period)
    tally.aim(at: 70, carriedIn: 20, period: period)
    _ = try await world.store.save(tally, telling: [], at: world.now)
    func warnings(after seconds: Int64) async throws -> [ReportWarning] {
      try await world.dashboard.billing(for: world.tenant, as: world.owner, at: world.now + .seconds(seconds))?
        .warnings ?? []
    }
    #expect(try await warnings(after: 3_599).isEmpty)
    let warning = try #require(try await warnings(after: 3_600).first)
    #expect(warning.kind == .unbilled && warning.subjects == ["tokens"])
    #expect(warning.amount == "50" && warning.period == period)
    #expect(try await warnings(after: 101 * 86_400).isEmpty)
  }

  @Test("every warning has words of its own, with its subjects in them", arguments: ReportWarning.Kind.allCases)
  func words(kind: ReportWarning.Kind) async throws {
    let world = try await SellingWorld()
    let page = try await world.dashboard.page(.last7Days, for: world.tenant, as: world.owner, at: world.now)
    // A page read back from JSON, as a host application may have kept it, with one warning in it.
    var root = String(decoding: try ReportJSON.encode(page), as: UTF8.self)
    let warning = #"""
      {"kind":"\#(kind.rawValue)","subjects":["<tokens>"],"amount":"4321","cap":"5000","at":"2026-02-03T04:05:06Z",\#
      "period":{"start":"2026-01-01T00:00:00Z","end":"2026-02-01T00:00:00Z"}}
      """#
    root = root.replacing(#""warnings":[]"#, with: #""warnings":[\#(warning)]"#)
    let html = try JSONDecoder().decode(DashboardPage.self, from: Data(root.utf8)).html(
      PageOptions(organizationName: "A"))
    #expect(html.contains("class=\"attention\""))
    #expect(!html.contains("<tokens>") && !html.contains("{0}") && !html.contains("{1}"))
    let needsInstant: Set<ReportWarning.Kind> = [.pastDue, .canceling, .trialEnding]
    #expect(html.contains(needsInstant.contains(kind) ? "3 Feb 2026" : "&lt;tokens&gt;"))
  }
}

extension SellingWorld {
  static let strangePrice = PriceID(
    validated: ValidIdentifierText(trusted: InlineText("price_strange") ?? InlineText()))
}
