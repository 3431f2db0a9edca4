internal import HTTPTypes
internal import Hummingbird
internal import SaaSCore
internal import TenancyKit

/// Resolves the Host header to a tenant before any route runs. No other header is looked at, and nothing of the query.
struct HostMiddleware: RouterMiddleware {
  typealias Context = GalleryRequestContext

  let hosts: HostDirectory
  let clock: any WallClock

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    let host = request.head.authority ?? ""
    let (verdict, tenant) = hosts.verdictAndContext(forHost: host.utf8Span.span, at: clock.now())
    switch verdict.kind {
    case .tenant:
      var context = context
      context.tenant = tenant
      return try await next(request, context)
    case .platform: return try await next(request, context)
    case .moved:
      guard let moved = hosts.movedHost(for: verdict) else { throw APIError.hostNotFound }
      return Self.redirect(to: moved, from: host, request)
    case .suspended: throw APIError(.forbidden, "suspended", "This site is suspended.")
    case .reserved, .notFound: throw APIError.hostNotFound
    }
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
