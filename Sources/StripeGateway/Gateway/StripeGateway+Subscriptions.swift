public import BillingKit
public import SaaSCore

extension StripeGateway {
  public func subscription(_ id: SubscriptionID) async throws(GatewayError) -> GatewayRead<SubscriptionSnapshot> {
    let answer = try await client.get(["v1", "subscriptions", id.rawValue])
    let read = try answer.read { root throws(StripeReadError) in try root.subscriptionPart() }
    return GatewayRead(try await completed(read.value), asOf: read.asOf)
  }

  public func subscriptions(of customer: CustomerID?, after cursor: SubscriptionID?, limit: PageLimit)
    async throws(GatewayError) -> GatewayRead<Page<SubscriptionSnapshot, SubscriptionID>>
  {
    var query = StripeForm([("status", .text("all")), ("limit", .number(Int64(min(limit.count, 100))))])
    if let customer { query.append("customer", .text(customer.rawValue)) }
    if let cursor { query.append("starting_after", .text(cursor.rawValue)) }
    let answer = try await client.get(["v1", "subscriptions"], query)
    let part = try Self.part(answer) { element throws(StripeReadError) in try element.subscriptionPart() }
    let asOf = try answer.read { _ in () }.asOf
    var snapshots: [SubscriptionSnapshot] = []
    for element in part.elements { snapshots.append(try await completed(element)) }
    return GatewayRead(Page(snapshots, next: part.next == nil ? nil : snapshots.last?.id), asOf: asOf)
  }

  /// The subscription with all its items; an answer holds only the first few of many.
  private func completed(_ part: (snapshot: SubscriptionSnapshot, lacksItems: Bool)) async throws(GatewayError)
    -> SubscriptionSnapshot
  {
    guard part.lacksItems else { return part.snapshot }
    var snapshot = part.snapshot
    let period = snapshot.currentPeriod
    let items = pages(["v1", "subscription_items"], [("subscription", .text(snapshot.id.rawValue))]) {
      item throws(StripeReadError) in try item.subscriptionItem(in: period)
    }
    snapshot.items = try await items.all().compactMap { $0 }
    return snapshot
  }

  /// Every subscription, ended ones included, the latest first; one customer's, or the whole account's where it is nil.
  public func allSubscriptions(of customer: CustomerID? = nil) -> StripePages<SubscriptionSnapshot> {
    StripePages { cursor throws(GatewayError) in
      let page = try await subscriptions(
        of: customer, after: cursor.flatMap { try? SubscriptionID($0) }, limit: .standard
      ).value
      return StripePages<SubscriptionSnapshot>.Part(elements: page.elements, next: page.next?.rawValue)
    }
  }

  public func updateSubscription(_ id: SubscriptionID, _ change: SubscriptionChange, key: IdempotencyKey)
    async throws(GatewayError)
  {
    let form =
      switch change {
      case .items(let changes, let proration):
        StripeForm([
          ("items", .list(changes.map(Self.item))),
          ("proration_behavior", .text(Self.behavior(proration))),
        ])
      case .cancelAtPeriodEnd: StripeForm([("cancel_at_period_end", .flag(true))])
      case .undo(.atPeriodEnd): StripeForm([("cancel_at_period_end", .flag(false))])
      case .undo(.at): StripeForm([("cancel_at", .unset)])
      // Without an item that changes there is nothing to prorate.
      case .nothing: StripeForm([("proration_behavior", .text(Self.behavior(.none)))])
      }
    _ = try await client.post(["v1", "subscriptions", id.rawValue], form, key: key.rawValue)
  }

  private static func behavior(_ proration: SubscriptionChange.Proration) -> String {
    switch proration {
    case .onNextInvoice: "create_prorations"
    case .now: "always_invoice"
    case .none: "none"
    }
  }

  private static func item(_ change: SubscriptionChange.ItemChange) -> StripeForm.Value {
    func sold(_ priceID: PriceID, _ quantity: Int64?) -> [(String, StripeForm.Value)] {
      [("price", .text(priceID.rawValue))] + (quantity.map { [("quantity", .number($0))] } ?? [])
    }
    return switch change {
    case .set(let id, let priceID, let quantity): .fields([("id", .text(id.rawValue))] + sold(priceID, quantity))
    case .add(let priceID, let quantity): .fields(sold(priceID, quantity))
    case .remove(let id): .fields([("id", .text(id.rawValue)), ("deleted", .flag(true))])
    }
  }

  public func cancelSubscription(_ id: SubscriptionID, _ cancellation: ImmediateCancellation, key: IdempotencyKey)
    async throws(GatewayError)
  {
    let query = StripeForm([
      ("invoice_now", .flag(cancellation.invoicesNow)), ("prorate", .flag(cancellation.prorates)),
    ])
    _ = try await client.delete(["v1", "subscriptions", id.rawValue], query, key: key.rawValue)
  }
}
