internal import HTTPTypes
internal import Hummingbird

/// The least that a Hummingbird server does for a request with a small body: reads it and answers a few bytes.
@main
struct BareRoute {
  static func main() async throws {
    let router = Router()
    router.post("/bare") { request, _ in
      _ = try await request.body.collect(upTo: 64 * 1_024)
      return Response(
        status: .created, headers: [.contentType: "application/json; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: #"{"answer":"recorded"}"#)))
    }
    let port = CommandLine.arguments.dropFirst().first.flatMap { Int($0) } ?? 8081
    let application = Application(
      router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)))
    try await application.runService()
  }
}
