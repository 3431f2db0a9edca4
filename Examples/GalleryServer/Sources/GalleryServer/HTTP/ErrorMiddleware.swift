internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import SaaSCore

/// Turns every failure into a small page or a small JSON object, as the request accepts; tells the log what was not
/// foreseen, and the caller only that.
struct ErrorMiddleware: RouterMiddleware {
  typealias Context = GalleryRequestContext

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch let error as APIError {
      return ErrorAnswer.response(error, to: request)
    } catch let error as any HTTPResponseError {
      return ErrorAnswer.response(Self.translated(error, request), to: request)
    } catch is DecodingError {
      return ErrorAnswer.response(
        APIError(.badRequest, "malformedBody", "The body is not the JSON that this route takes."), to: request)
    } catch {
      context.logger.error("a request failed", metadata: ["error": "\(error)", "path": "\(request.uri.path)"])
      return ErrorAnswer.response(
        APIError(.internalServerError, "internal", "Something went wrong on our side."), to: request)
    }
  }

  private static func translated(_ error: any HTTPResponseError, _ request: Request) -> APIError {
    switch error.status {
    case .notFound:
      let allowed = RouteTable.methods(of: request.uri.path)
      guard !allowed.isEmpty, !allowed.contains(request.method) else {
        return APIError(.notFound, "routeNotFound", "There is nothing at this path.")
      }
      var answer = APIError(
        .methodNotAllowed, "methodNotAllowed", "This path does not take \(request.method.rawValue).")
      answer.headers[.allow] = allowed.map(\.rawValue).sorted().joined(separator: ", ")
      return answer
    case .contentTooLarge: return APIError(.contentTooLarge, "bodyTooLarge", "The body is too large.")
    case .badRequest: return APIError(.badRequest, "malformedBody", "The request cannot be read.")
    default: return APIError(error.status, "refused", error.status.reasonPhrase)
    }
  }
}

/// How a failure is written.
enum ErrorAnswer {
  private struct Body: Encodable {
    struct Content: Encodable {
      let code: String
      let message: String
    }
    let error: Content
  }

  static func response(_ error: APIError, to request: Request) -> Response {
    let answer = whole(error, to: request)
    return request.method == .head ? answer.createHeadResponse() : answer
  }

  private static func whole(_ error: APIError, to request: Request) -> Response {
    var headers = error.headers
    headers[.cacheControl] = "no-store"
    if error.status == .unauthorized { headers[.wwwAuthenticate] = "Bearer" }
    let accepted = request.headers[.accept] ?? ""
    if accepted.contains("text/html") {
      headers[.contentType] = "text/html; charset=utf-8"
      return Response(status: error.status, headers: headers, body: body(page(error)))
    }
    headers[.contentType] = jsonType
    return Response(status: error.status, headers: headers, body: body(json(error)))
  }

  static let jsonType = "application/json; charset=utf-8"

  static func json(_ error: APIError) -> String {
    JSONAnswer.text(Body(error: Body.Content(code: error.code, message: error.message)))
  }

  private static func body(_ text: String) -> ResponseBody { ResponseBody(byteBuffer: ByteBuffer(string: text)) }

  private static func page(_ error: APIError) -> String {
    """
    <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">\
    <title>\(error.status.code)</title><style>:root{color-scheme:light dark}body{font:1.1rem/1.5 system-ui,sans-serif;\
    max-width:34rem;margin:20vh auto;padding:0 1.5rem}</style></head><body><h1>\(error.status.code)</h1>\
    <p>\(HTMLText.escaped(error.message))</p></body></html>
    """
  }
}
