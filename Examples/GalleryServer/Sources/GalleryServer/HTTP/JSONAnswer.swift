internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import SaaSCore

/// JSON as every route writes and reads it: keys in alphabetical order, instants as ISO 8601.
enum JSONAnswer {
  static func text(_ value: some Encodable) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(value)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  static func response(_ value: some Encodable, status: HTTPTypes.HTTPResponse.Status = .ok) -> Response {
    Response(
      status: status,
      headers: [.contentType: "application/json; charset=utf-8", .cacheControl: "no-store"],
      body: ResponseBody(byteBuffer: ByteBuffer(string: text(value))))
  }

  /// Reads a request's body.
  /// - Throws: ``APIError`` where it is too large, not JSON, or not what the route takes; a field that is missing is
  ///   named.
  static func read<Body: Decodable>(_ type: Body.Type, of request: Request, _ context: GalleryRequestContext)
    async throws -> Body
  {
    let buffer = try await request.body.collect(upTo: context.maxUploadSize)
    do {
      return try JSONDecoder().decode(type, from: Data(buffer.readableBytesView))
    } catch DecodingError.keyNotFound(let name, let context) {
      let path = (context.codingPath + [name]).map(\.stringValue).joined(separator: ".")
      throw APIError(.unprocessableContent, "fieldMissing", "The body has no \"\(path)\".")
    } catch {
      throw APIError(.badRequest, "malformedBody", "The body is not the JSON that this route takes.")
    }
  }
}
