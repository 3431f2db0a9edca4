import BillingKit
import SaaSCore
import SaaSTesting
import TenancyKit
import Testing

@Suite("Checkouts that race, and providers that fail for good")
struct CheckoutRaceTests {
  private static func checkout(_ plan: PlanID, in world: BillingWorld, over store: (any BillingStore)? = nil)
    async throws -> CheckoutSession
  {
    try await world.billing(over: store).checkout(
      plan, for: world.tenant, as: world.owner, returningTo: BillingWorld.urls, at: world.now)
  }

  private static func openSessions(_ world: BillingWorld) async throws -> [CheckoutSession] {
    var open: [CheckoutSession] = []
    for customer in world.gateway.customerIDs { open += try await world.gateway.openCheckoutSessions(of: customer) }
    return open
  }

  @Test("whenever another checkout of the same offer comes in between, both buyers get one open session")
  func sameOffer() async throws {
    for reads in 1...12 {
      let world = try await BillingWorld()
      try await world.linkedCustomer()
      let other = Lock<CheckoutSession?>(nil)
      let store = FlakyBillingStore(world.store, afterReads: reads) {
        let session = try? await Self.checkout(.pro, in: world)
        other.withLock { $0 = session }
      }
      let mine = try await Self.checkout(.pro, in: world, over: store)
      if let other = other.withLock({ $0 }) { #expect(other.id == mine.id, "after \(reads) reads") }
      #expect(try await Self.openSessions(world).map(\.id) == [mine.id], "after \(reads) reads")
    }
  }

  @Test("whenever a checkout of another offer comes in between, one session stays open, and it is the account's")
  func otherOffer() async throws {
    for reads in 1...12 {
      let world = try await BillingWorld()
      try await world.linkedCustomer()
      let store = FlakyBillingStore(world.store, afterReads: reads) { _ = try? await Self.checkout(.team, in: world) }
      _ = try await Self.checkout(.pro, in: world, over: store)
      let open = try await Self.openSessions(world)
      #expect(open.count == 1, "after \(reads) reads")
      let account = try await world.store.account(for: world.tenant)
      #expect(account.checkout?.sessionID == open.first?.id, "after \(reads) reads")
    }
  }

  @Test("a failure that the provider remembers for a session's key makes way for another key")
  func sessionFailure() async throws {
    let world = try await BillingWorld()
    try await world.linkedCustomer()
    world.gateway.fail(.createCheckoutSession, .remembered())
    await #expect(throws: BillingError.gateway(GatewayError(.unavailable, "An error occurred"))) {
      try await Self.checkout(.pro, in: world)
    }
    world.gateway.advance(by: .seconds(20))
    let session = try await Self.checkout(.pro, in: world)
    #expect(try await Self.openSessions(world).map(\.id) == [session.id])
    #expect(world.gateway.completeCheckout(session.id) != nil)
  }

  @Test("a session whose answer was lost, and whose key fails then, is found among the open ones")
  func sessionFound() async throws {
    let world = try await BillingWorld()
    try await world.linkedCustomer()
    world.gateway.fail(.createCheckoutSession, .lostAnswer())
    await #expect(throws: BillingError.self) { try await Self.checkout(.pro, in: world) }
    let made = try #require(try await Self.openSessions(world).first)
    world.gateway.advance(by: .seconds(20))
    world.gateway.fail(.createCheckoutSession, .remembered())
    #expect(try await Self.checkout(.pro, in: world).id == made.id)
    #expect(try await Self.openSessions(world).map(\.id) == [made.id])
  }

  @Test("a failure that the provider remembers for a customer's key makes way once a made customer would be found")
  func customerFailure() async throws {
    let world = try await BillingWorld()
    world.gateway.fail(.createCustomer, .remembered())
    await #expect(throws: BillingError.self) { try await Self.checkout(.pro, in: world) }
    world.gateway.advance(by: .seconds(60))
    await #expect(throws: BillingError.self) { try await Self.checkout(.pro, in: world) }
    world.gateway.advance(by: .seconds(60))
    let session = try await Self.checkout(.pro, in: world)
    #expect(world.gateway.customerIDs.count == 1)
    #expect(world.gateway.completeCheckout(session.id) != nil)
  }

  @Test("a customer whose answer was lost, and whose key fails then, is found by what it carries")
  func customerFound() async throws {
    let world = try await BillingWorld()
    world.gateway.fail(.createCustomer, .lostAnswer())
    await #expect(throws: BillingError.self) { try await Self.checkout(.pro, in: world) }
    world.gateway.advance(by: .hours(1))
    world.gateway.fail(.createCustomer, .remembered())
    _ = try await Self.checkout(.pro, in: world)
    #expect(world.gateway.customerIDs.count == 1)
  }

  @Test("a failure that the provider remembers for an expiry stands in the way of no later checkout")
  func expiryFailure() async throws {
    let world = try await BillingWorld()
    _ = try await Self.checkout(.pro, in: world)
    world.gateway.fail(.expireCheckoutSession, .remembered())
    await #expect(throws: BillingError.self) { try await Self.checkout(.team, in: world) }
    world.gateway.advance(by: .seconds(5))
    let session = try await Self.checkout(.team, in: world)
    #expect(try await Self.openSessions(world).map(\.id) == [session.id])
  }
}
