public import BillingKit
public import SaaSCore

extension StripeGateway {
  public func createCustomer(_ customer: NewCustomer, key: IdempotencyKey) async throws(GatewayError)
    -> ProviderCustomer
  {
    var form = StripeForm()
    if let email = customer.email { form.append("email", .text(email)) }
    if let name = customer.name { form.append("name", .text(name)) }
    form.append(
      "metadata",
      .metadata([
        MetadataName.organization: customer.organizationID.rawValue,
        MetadataName.installation: customer.installation.rawValue,
      ]))
    let answer = try await client.post(["v1", "customers"], form, key: key.rawValue)
    return try answer.value { root throws(StripeReadError) in try root.customer() }
  }

  public func customer(_ id: CustomerID) async throws(GatewayError) -> GatewayRead<ProviderCustomer> {
    let answer = try await client.get(["v1", "customers", id.rawValue])
    return try answer.read { root throws(StripeReadError) in try root.customer() }
  }

  public func findCustomer(organization: OrgID, installation: InstallationID) async throws(GatewayError)
    -> ProviderCustomer?
  {
    func quoted(_ text: String) -> String {
      "\"" + text.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] } + "\""
    }
    let query =
      "metadata[\(quoted(MetadataName.organization))]:\(quoted(organization.rawValue))"
      + " AND metadata[\(quoted(MetadataName.installation))]:\(quoted(installation.rawValue))"
    let pages = StripePages { [client] cursor throws(GatewayError) in
      var form = StripeForm([("query", .text(query)), ("limit", .number(100))])
      if let cursor { form.append("page", .text(cursor)) }
      let answer = try await client.get(["v1", "customers", "search"], form)
      return try answer.value { root throws(StripeReadError) in
        var found: [(customer: ProviderCustomer, createdAt: Timestamp)] = []
        for element in root.list("data") {
          found.append((try element.customer(), try element.instant("created") ?? .distantFuture))
        }
        return StripePages<(customer: ProviderCustomer, createdAt: Timestamp)>.Part(
          elements: found, next: root.flag("has_more") == true ? root.text("next_page") : nil)
      }
    }
    // The search ignores case, and an identifier does not.
    return try await pages.all()
      .filter { found in
        !found.customer.isDeleted
          && found.customer.metadata[MetadataName.organization] == organization.rawValue
          && found.customer.metadata[MetadataName.installation] == installation.rawValue
      }
      .min { ($0.createdAt, $0.customer.id) < ($1.createdAt, $1.customer.id) }?.customer
  }
}
