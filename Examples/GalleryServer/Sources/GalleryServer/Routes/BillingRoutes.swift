internal import BillingKit
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import SaaSCore
internal import TenancyKit

/// Checkout, the return from it, the customer portal, entitlements, and the provider's webhook.
struct BillingRoutes {
  let services: GalleryServices

  /// The longest webhook body: the provider's are a few kilobytes.
  private static let webhookLimit = 512 * 1_024

  private struct NewCheckout: Decodable {
    let plan: String
    let interval: BillingInterval?
    let seats: Int64?
  }

  private struct Link: Encodable {
    let id: String?
    let url: String
  }

  func add(to routes: RouterGroup<GalleryRequestContext>) {
    routes.post("/api/billing/checkout") { request, context in try await checkout(request, context) }
    routes.get("/billing/return") { request, context in try await completed(request, context) }
    routes.post("/api/billing/portal") { request, context in try await portal(request, context) }
    routes.get("/billing/portal") { request, context in
      Response.redirect(to: try await portalSession(request, context).url)
    }
    routes.get("/api/entitlements") { request, context in try await entitlements(request, context) }
  }

  /// The webhook belongs to no tenant's host, and its signature is its only credential.
  func addWebhook(to router: Router<GalleryRequestContext>) {
    router.post("/api/stripe/webhook") { request, context in
      let buffer = try await request.body.collect(upTo: Self.webhookLimit)
      let signature = HTTPField.Name("Stripe-Signature").flatMap { request.headers[$0] }
      let answer = await services.webhooks.process(
        body: Array(buffer.readableBytesView), signature: signature, at: services.clock.now())
      context.logger.info("a webhook was answered", metadata: ["answer": "\(WebhookNote(answer).text)"])
      return JSONAnswer.response(WebhookNote(answer), status: .init(code: answer.httpStatus))
    }
  }

  private func checkout(_ request: Request, _ context: GalleryRequestContext) async throws -> Response {
    let (tenant, member) = try context.requireMembership()
    let body = try await JSONAnswer.read(NewCheckout.self, of: request, context)
    guard let plan = try? PlanID(body.plan) else {
      throw APIError(.unprocessableContent, "unknownPlan", "There is no such plan.")
    }
    let origin = self.origin(of: request)
    let urls = ReturnURLs(
      success: origin + "/billing/return?session_id={CHECKOUT_SESSION_ID}", cancel: origin + "/admin")
    do throws(BillingError) {
      let session = try await services.billing.checkout(
        plan, every: body.interval ?? .month, seats: body.seats, for: tenant, as: member, returningTo: urls,
        at: services.clock.now())
      let url = services.payments.fake == nil ? session.url ?? origin : "\(origin)/dev/checkout?session=\(session.id)"
      return JSONAnswer.response(Link(id: session.id.rawValue, url: url), status: .created)
    } catch {
      throw APIError(error)
    }
  }

  private func completed(_ request: Request, _ context: GalleryRequestContext) async throws -> Response {
    let (tenant, member) = try context.requireMembership()
    guard let text = request.uri.queryParameters["session_id"], let id = try? CheckoutSessionID(String(text)) else {
      throw APIError(.badRequest, "sessionMissing", "The address has no session.")
    }
    do throws(BillingError) {
      let entitlements = try await services.billing.completeCheckout(
        id, for: tenant, as: member, at: services.clock.now())
      if (request.headers[.accept] ?? "").contains("text/html") { return Response.redirect(to: "/admin") }
      return JSONAnswer.response(EntitlementsAnswer(entitlements, []))
    } catch {
      throw APIError(error)
    }
  }

  private func portal(_ request: Request, _ context: GalleryRequestContext) async throws -> Response {
    let session = try await portalSession(request, context)
    return JSONAnswer.response(Link(id: nil, url: session.url), status: .created)
  }

  private func portalSession(_ request: Request, _ context: GalleryRequestContext) async throws -> PortalSession {
    let (tenant, member) = try context.requireMembership()
    do throws(BillingError) {
      return try await services.billing.portal(
        for: tenant, as: member, returningTo: origin(of: request) + "/admin", at: services.clock.now())
    } catch {
      throw APIError(error)
    }
  }

  private func entitlements(_ request: Request, _ context: GalleryRequestContext) async throws -> Response {
    let (tenant, _) = try context.requireMembership()
    let now = services.clock.now()
    do throws(BillingError) {
      let entitlements = try await services.billing.entitlements(for: tenant, at: now)
      return JSONAnswer.response(
        EntitlementsAnswer(entitlements, try await services.limits.limits(for: tenant, at: now)))
    } catch {
      throw APIError(error)
    }
  }

  /// Where the request came to, as its client knows it.
  private func origin(of request: Request) -> String {
    "\(services.configuration.publicScheme.rawValue)://\(request.head.authority ?? "")"
  }
}

/// Entitlements as the API tells them.
struct EntitlementsAnswer: Encodable {
  struct Limit: Encodable {
    let metric: String
    let window: String
    let used: String
    let cap: String
    let remaining: String
    let resetsAt: Timestamp
    let blocks: Bool
  }

  let plan: String
  let planName: String
  let posture: BillingPosture?
  let seats: Int64
  let periodStart: Timestamp
  let periodEnd: Timestamp
  let limits: [Limit]

  init(_ entitlements: Entitlements, _ statuses: [LimitStatus]) {
    plan = entitlements.plan.id.rawValue
    planName = entitlements.plan.name
    posture = entitlements.posture
    seats = entitlements.seats
    periodStart = entitlements.billingPeriod.start
    periodEnd = entitlements.billingPeriod.end
    limits = statuses.map { status in
      let metric = status.allowance.limit.metric
      func text(_ units: Int128) -> String {
        metric == .cost ? CostSum(totalPicos: units).decimalText : String(units)
      }
      return Limit(
        metric: metric.rawValue, window: status.allowance.limit.window.rawValue, used: text(status.used),
        cap: text(status.allowance.cap), remaining: text(status.remaining), resetsAt: status.resetsAt,
        blocks: status.allowance.limit.action == .block)
    }
  }
}

extension Entitlements {
  /// How many custom domains the plan has; nil where it sets no number.
  var customDomainLimit: Int? { feature(.customDomains)?.number.map { Int(clamping: $0) } }
}

/// What became of a webhook, for the provider's log and ours.
struct WebhookNote: Encodable {
  let answer: String
  let reason: String?

  init(_ answer: WebhookAnswer) {
    switch answer {
    case .applied: (self.answer, reason) = ("applied", nil)
    case .unlinked: (self.answer, reason) = ("unlinked", nil)
    case .duplicate: (self.answer, reason) = ("duplicate", nil)
    case .ignored(_, let why): (self.answer, reason) = ("ignored", "\(why)")
    case .refused: (self.answer, reason) = ("refused", "the signature or the body is not right")
    case .failed: (self.answer, reason) = ("failed", "try again")
    }
  }

  var text: String { reason.map { "\(answer): \($0)" } ?? answer }
}
