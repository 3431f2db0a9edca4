internal import BillingKit
internal import Foundation
internal import Hummingbird
internal import Logging
internal import SaaSCore
internal import SaaSTesting
internal import TenancyKit

/// Shortcuts for trying the server out; only there where it was started with `--development`.
///
/// Whoever reaches them can act for any organisation, which is why the server says so when it starts.
struct DevelopmentRoutes {
  let services: GalleryServices

  private struct TokenAnswer: Encodable {
    let token: String
    let expiresAt: Timestamp
  }

  func add(to routes: RouterGroup<GalleryRequestContext>) {
    routes.get("/dev/token") { request, context in try await token(request, context) }
    routes.get("/dev/checkout") { request, context in try await checkout(request, context) }
    routes.post("/dev/dns") { request, context in try await publish(request, context) }
  }

  /// A token for `?user=…&role=…` of the host's organisation; with `to=/path` also as a cookie, for a browser.
  private func token(_ request: Request, _ context: GalleryRequestContext) async throws -> Response {
    let tenant = try context.requireTenant()
    let parameters = request.uri.queryParameters
    guard let user = try? UserID(String(parameters["user"] ?? "dev")),
      let role = Membership.Role(rawValue: String(parameters["role"] ?? "owner"))
    else { throw APIError(.unprocessableContent, "invalid", "user is a name, role one of owner, admin, member.") }
    let member = Membership(userID: user, organizationID: tenant.organizationID, role: role)
    let end = services.clock.now() + .seconds(12 * 3_600)
    let token = try await services.configuration.tokenKey.token(for: member, until: end)
    guard let path = parameters["to"], path.hasPrefix("/"), !path.hasPrefix("//") else {
      return JSONAnswer.response(TokenAnswer(token: token, expiresAt: end))
    }
    var response = Response.redirect(to: String(path))
    response.headers[.setCookie] =
      "\(TokenMiddleware.cookieName)=\(token); Path=/; HttpOnly; SameSite=Strict; Max-Age=43200"
    return response
  }

  /// What the provider's checkout page does when somebody pays, webhooks included.
  private func checkout(_ request: Request, _ context: GalleryRequestContext) async throws -> Response {
    let tenant = try context.requireTenant()
    guard let fake = services.payments.fake, let text = request.uri.queryParameters["session"],
      let id = try? CheckoutSessionID(String(text))
    else { throw APIError(.notFound, "noSuchSession", "There is no such fake checkout.") }
    let now = services.clock.now()
    if now > fake.now { fake.advance(to: now) }
    guard fake.completeCheckout(id) != nil else {
      throw APIError(.notFound, "noSuchSession", "There is no such open checkout.")
    }
    for webhook in fake.takeWebhooks() {
      _ = await services.webhooks.process(body: webhook.body, signature: webhook.signature, at: services.clock.now())
    }
    context.logger.notice("a fake checkout was paid", metadata: ["tenant": "\(tenant.tenantID)"])
    return Response.redirect(to: "/billing/return?session_id=\(id)")
  }

  private struct Publication: Decodable {
    let domain: String
  }

  /// Publishes in the fake DNS whatever a domain's settings ask for.
  private func publish(_ request: Request, _ context: GalleryRequestContext) async throws -> Response {
    let (tenant, member) = try context.requireMembership()
    let body = try await JSONAnswer.read(Publication.self, of: request, context)
    guard let zone = services.zone else { throw APIError(.notFound, "noFakeDNS", "The DNS is a real one.") }
    do throws(DomainServiceError) {
      let statuses = try await services.domains.domains(of: tenant, as: member)
      guard let status = statuses.first(where: { $0.mapping.host.rawValue == body.domain }) else {
        throw DomainServiceError.noSuchDomain(try Self.host(body.domain))
      }
      zone.publish(status.records)
      return JSONAnswer.response(DomainAnswer(status))
    } catch {
      throw APIError(error)
    }
  }

  private static func host(_ text: String) throws(DomainServiceError) -> HostName {
    do { return try HostName(text) } catch { throw .invalidName(.notAHost(error.reason)) }
  }
}
