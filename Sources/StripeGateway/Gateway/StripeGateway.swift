public import BillingKit
public import SaaSCore

/// BillingKit's payment gateway over Stripe's REST API.
///
/// Every write carries its idempotency key on every attempt, and no answer of a write is taken for the present state. A
/// read's instant comes from Stripe's `Date` header, taken back by the time the exchange took. The key appears in no error
/// or description.
///
/// ```swift
/// let gateway = StripeGateway(key: key, transport: URLSessionTransport())
/// ```
public struct StripeGateway: PaymentGateway {
  let client: StripeClient

  /// A gateway to the account that a key belongs to.
  public init(
    key: StripeAPIKey, transport: any HTTPTransport, configuration: StripeConfiguration = StripeConfiguration(),
    clock: any WallClock = SystemWallClock(), random: RandomSource = .system
  ) {
    client = StripeClient(
      key: key, configuration: configuration, transport: transport, clock: clock, random: random)
  }

  /// The names under which a customer carries its organisation and installation.
  enum MetadataName {
    static let organization = "orgId"
    static let installation = "installation"
  }

  /// A list's page, which ends with `has_more`; the next begins after its last element.
  static func part<Element>(
    _ answer: StripeAnswer, _ read: (StripeReader) throws(StripeReadError) -> Element
  ) throws(GatewayError) -> StripePages<Element>.Part {
    try answer.value { root throws(StripeReadError) in
      guard root["data"]?.kind == .array else { throw root.failure("no list 'data'") }
      var elements: [Element] = []
      var last: String?
      for element in root.list("data") {
        elements.append(try read(element))
        last = element.text("id")
      }
      return StripePages<Element>.Part(elements: elements, next: root.flag("has_more") == true ? last : nil)
    }
  }

  /// All elements of a list that is paged by its last element.
  func pages<Element: Sendable>(
    _ path: [String], _ parameters: [(String, StripeForm.Value)], limit: Int = 100,
    _ read: @escaping @Sendable (StripeReader) throws(StripeReadError) -> Element
  ) -> StripePages<Element> {
    StripePages { [client] cursor throws(GatewayError) in
      var query = StripeForm(parameters + [("limit", .number(Int64(limit)))])
      if let cursor { query.append("starting_after", .text(cursor)) }
      return try Self.part(try await client.get(path, query), read)
    }
  }
}
