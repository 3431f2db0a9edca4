internal import AdminReports
internal import HTTPTypes
internal import Hummingbird
internal import SaaSCore
internal import TenancyKit

/// What owners and admins see: `/admin` as a page, `/api/admin/…` as JSON.
struct AdminRoutes {
  let services: GalleryServices

  func add(to routes: RouterGroup<GalleryRequestContext>) {
    routes.get("/admin") { request, context in try await page(request, context) }
    routes.get("/api/admin/usage") { request, context in
      try await report(request, context) { (window, tenant, member, now) throws(ReportError) in
        try await services.dashboard.usage(window, for: tenant, as: member, at: now)
      }
    }
    routes.get("/api/admin/costs") { request, context in
      try await report(request, context) { (window, tenant, member, now) throws(ReportError) in
        try await services.dashboard.costs(window, for: tenant, as: member, at: now)
      }
    }
    routes.get("/api/admin/billing") { request, context in
      try await report(request, context) { (_, tenant, member, now) throws(ReportError) in
        try await services.dashboard.billing(for: tenant, as: member, at: now)
      }
    }
    routes.get("/api/admin/domains") { request, context in
      try await report(request, context) { (_, tenant, member, now) throws(ReportError) in
        try await services.dashboard.domains(for: tenant, as: member, at: now)
      }
    }
    routes.get("/api/admin/audit") { request, context in try await audit(request, context) }
  }

  private func page(_ request: Request, _ context: GalleryRequestContext) async throws -> Response {
    let (tenant, member) = try context.requireMembership()
    let window = try Self.window(of: request)
    do throws(ReportError) {
      let page = try await services.dashboard.page(window, for: tenant, as: member, at: services.clock.now())
      let html = page.html(
        PageOptions(
          organizationName: tenant.slug.rawValue, portalLink: "/billing/portal", windowLink: { "/admin?window=\($0)" },
          auditLink: { "/api/admin/audit?\($0.text)" }))
      return Response(
        status: .ok,
        headers: [
          .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
          .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
        ], body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    } catch {
      throw APIError(error)
    }
  }

  private func report<Section: Encodable>(
    _ request: Request, _ context: GalleryRequestContext,
    _ read: (ReportWindow, TenantContext, Membership, Timestamp) async throws(ReportError) -> Section
  ) async throws -> Response {
    let (tenant, member) = try context.requireMembership()
    let window = try Self.window(of: request)
    do throws(ReportError) {
      return JSONAnswer.response(try await read(window, tenant, member, services.clock.now()))
    } catch {
      throw APIError(error)
    }
  }

  private func audit(_ request: Request, _ context: GalleryRequestContext) async throws -> Response {
    let (tenant, member) = try context.requireMembership()
    var pairs = (request.uri.query ?? "").split(separator: "&").map(String.init)
    let cursor = pairs.first { $0.hasPrefix("cursor=") }.map { AuditCursor(String($0.dropFirst("cursor=".count))) }
    pairs.removeAll { $0.hasPrefix("cursor=") }
    let query: AuditQuery
    do throws(AuditQueryError) {
      query = try AuditQuery(pairs.joined(separator: "&"))
    } catch {
      throw APIError(.unprocessableContent, "invalidQuery", "\(error)")
    }
    do throws(ReportError) {
      return JSONAnswer.response(
        try await services.dashboard.audit(query, after: cursor, for: tenant, as: member))
    } catch {
      throw APIError(error)
    }
  }

  private static func window(of request: Request) throws(APIError) -> ReportWindow {
    guard let text = request.uri.queryParameters["window"] else { return .last30Days }
    guard let count = Int(text), let window = ReportWindow(lastDays: count) else {
      throw APIError(.unprocessableContent, "invalidWindow", "A window is of 7, 30 or 90 days.")
    }
    return window
  }
}
