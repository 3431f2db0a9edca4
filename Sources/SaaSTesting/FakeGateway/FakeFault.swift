public import BillingKit

/// A call to the fake gateway, by name.
public enum FakeGatewayCall: String, Sendable, Hashable, CaseIterable {
  /// `createCustomer`
  case createCustomer
  /// `customer`
  case customer
  /// `findCustomer`
  case findCustomer
  /// `createCheckoutSession`
  case createCheckoutSession
  /// `checkoutSession`
  case checkoutSession
  /// `openCheckoutSessions`
  case openCheckoutSessions
  /// `expireCheckoutSession`
  case expireCheckoutSession
  /// `createPortalSession`
  case createPortalSession
  /// `subscription`
  case subscription
  /// `subscriptions`
  case subscriptions
  /// `updateSubscription`
  case updateSubscription
  /// `cancelSubscription`
  case cancelSubscription
  /// `report`
  case report
  /// `reportedSum`
  case reportedSum
  /// `meterErrors`
  case meterErrors
}

/// How a call to the fake gateway fails.
public struct FakeGatewayFault: Sendable, Hashable {
  /// What is thrown.
  public let error: GatewayError
  /// Whether the provider does what was asked before the answer is lost.
  public let isAfterwards: Bool
  /// Whether the failure is the answer to the call's idempotency key from then on, for as long as keys are remembered.
  public let isRemembered: Bool

  /// A call that fails before the provider does anything.
  public static func before(_ error: GatewayError) -> FakeGatewayFault {
    FakeGatewayFault(error: error, isAfterwards: false, isRemembered: false)
  }

  /// A call that the provider does, and whose answer is lost.
  public static func lostAnswer(_ error: GatewayError = GatewayError(.unavailable, "the answer was lost"))
    -> FakeGatewayFault
  {
    FakeGatewayFault(error: error, isAfterwards: true, isRemembered: false)
  }

  /// A write that the provider fails at without doing anything, and fails at again under the same key.
  public static func remembered(_ error: GatewayError = GatewayError(.unavailable, "An error occurred"))
    -> FakeGatewayFault
  {
    FakeGatewayFault(error: error, isAfterwards: false, isRemembered: true)
  }
}
