internal import HTTPTypes
internal import Hummingbird
internal import SaaSCore
internal import TenancyKit

/// Resolves the Host header to a tenant before any route is looked for. No other header is looked at, and nothing of the
/// query.
///
/// A host that its tenant gave up leads every path to the new one, be there a route or not; only what programs call at a
/// fixed place, and would not follow, answers at every host.
struct HostMiddleware: RouterMiddleware {
  typealias Context = GalleryRequestContext

  /// Probes and the provider's webhook.
  static let anyHostPaths: Set<String> = ["/healthz", "/readyz", "/metrics", "/api/stripe/webhook"]

  let hosts: HostDirectory
  let clock: any WallClock

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    let host = request.head.authority ?? ""
    let (verdict, tenant) = hosts.verdictAndContext(forHost: host.utf8Span.span, at: clock.now())
    if verdict.kind == .moved, let moved = hosts.movedHost(for: verdict), !Self.anyHostPaths.contains(request.uri.path)
    {
      return Self.redirect(to: moved, from: host, request)
    }
    var context = context
    context.hostKind = verdict.kind
    context.tenant = verdict.kind == .tenant ? tenant : nil
    return try await next(request, context)
  }

  /// 308 to the same path at the new host, on the same port.
  private static func redirect(to moved: HostName, from host: String, _ request: Request) -> Response {
    let port = host.split(separator: ":", maxSplits: 1).dropFirst().first.map { ":\($0)" } ?? ""
    let scheme = request.head.scheme ?? "http"
    return Response(
      status: .permanentRedirect,
      headers: [.location: "\(scheme)://\(moved.rawValue)\(port)\(request.uri.string)", .cacheControl: "no-store"])
  }
}

/// Lets only hosts through that are a tenant's or the platform's.
struct ServedHostMiddleware: RouterMiddleware {
  typealias Context = GalleryRequestContext

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    switch context.hostKind {
    case .tenant, .platform: return try await next(request, context)
    case .suspended: throw APIError(.forbidden, "suspended", "This site is suspended.")
    case .reserved, .moved, .notFound: throw APIError.hostNotFound
    }
  }
}
