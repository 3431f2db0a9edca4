internal import Hummingbird
internal import SaaSCore

/// Reads the bearer token of a request. One that is not valid is refused at once; none is left for the route to judge.
///
/// Browsers, which cannot send a header when a link is followed, may send the token as a cookie, for reading alone.
struct TokenMiddleware: RouterMiddleware {
  typealias Context = GalleryRequestContext

  static let cookieName = "gallery_token"

  let key: TokenKey

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    guard let token = Self.token(of: request) else { return try await next(request, context) }
    guard let member = await key.member(of: token) else {
      throw APIError(.unauthorized, "tokenInvalid", "The token is not valid or is over.")
    }
    var context = context
    context.member = member
    return try await next(request, context)
  }

  private static func token(of request: Request) -> String? {
    if let header = request.headers[.authorization] {
      let parts = header.split(separator: " ", maxSplits: 1)
      guard parts.count == 2, parts[0].lowercased() == "bearer" else { return "" }
      return String(parts[1])
    }
    guard request.method == .get || request.method == .head else { return nil }
    return request.cookies[cookieName]?.value
  }
}
