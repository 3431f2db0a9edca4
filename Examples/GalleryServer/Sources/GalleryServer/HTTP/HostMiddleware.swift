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
  let scheme: PublicScheme

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    let host = try Self.host(of: request)
    let (verdict, tenant) = hosts.verdictAndContext(forHost: host.utf8Span.span, at: clock.now())
    if verdict.kind == .moved, let moved = hosts.movedHost(for: verdict), !Self.anyHostPaths.contains(request.uri.path)
    {
      return redirect(to: moved, from: host, request)
    }
    var context = context
    context.hostKind = verdict.kind
    context.tenant = verdict.kind == .tenant ? tenant : nil
    return try await next(request, context)
  }

  /// The Host header. A second one (RFC 9112 §3.2) may be read one way by a proxy and another way here, and is refused.
  private static func host(of request: Request) throws(APIError) -> String {
    // What is left among the fields came after the first.
    if let name = HTTPField.Name("Host"), request.headers[name] != nil {
      throw APIError(.badRequest, "hostAmbiguous", "The request names more than one host.")
    }
    return request.head.authority ?? ""
  }

  /// 308 to the same path at the new host, on the same port.
  private func redirect(to moved: HostName, from host: String, _ request: Request) -> Response {
    let port = host.split(separator: ":", maxSplits: 1).dropFirst().first.map { ":\($0)" } ?? ""
    return Response(
      status: .permanentRedirect,
      headers: [
        .location: "\(scheme.rawValue)://\(moved.rawValue)\(port)\(request.uri.string)", .cacheControl: "no-store",
      ])
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
