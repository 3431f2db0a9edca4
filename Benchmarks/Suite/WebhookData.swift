import Foundation
import SaaSCore
import StripeGateway

/// A signed event as Stripe sends it, and a block to hash.
struct WebhookData: Sendable {
  let now = Timestamp(seconds: 1_750_000_000)
  let webhooks: StripeWebhooks
  let body: [UInt8]
  let signature: String
  let block = [UInt8](repeating: 0x61, count: 4_096)

  init() throws {
    guard let secret = StripeWebhookSecret("whsec_benchmark") else { throw NoSecret() }
    webhooks = StripeWebhooks(secrets: [secret])
    let items = (0..<4).map { number in
      """
      {"id": "si_\(number)", "object": "subscription_item", "quantity": \(number + 1), "metadata": {},
       "current_period_start": 1750000000, "current_period_end": 1752592000,
       "price": {"id": "price_\(number)", "object": "price", "recurring": {"interval": "month", "usage_type": "licensed"}}}
      """
    }
    body = Array(
      """
      {"id": "evt_1", "object": "event", "api_version": "2026-10-28.endive", "created": 1750000000, "livemode": false,
       "type": "customer.subscription.updated", "data": {"object": {"id": "sub_1", "object": "subscription",
       "customer": "cus_1", "status": "active", "created": 1750000000, "start_date": 1750000000,
       "cancel_at_period_end": false, "metadata": {"orgId": "org_1"},
       "items": {"object": "list", "has_more": false, "data": [\(items.joined(separator: ","))]}}}}
      """.utf8)
    let message = Array("1750000000.".utf8) + body
    let code = HMACSHA256(key: Array("whsec_benchmark".utf8)).code(for: message)
    signature = "t=1750000000,v1=\(code.hexadecimal)"
  }

  private struct NoSecret: Error {}
}
