import LoopbackServer
import SaaSCore
import URLSessionTransport

/// Sends with patience, and ends the first requests to a silent server as a timeout does, once the server has read them.
struct SilenceTransport: HTTPTransport {
  /// A server that answers none of its first so many requests.
  struct Silence: Sendable {
    let server: LoopbackServer
    let count: Int
  }

  /// Who is silent to the calls of a task.
  @TaskLocal static var silence: Silence?

  private let transport = PatientTransport(URLSessionTransport())

  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    guard let silence = Self.silence else { return try await transport.send(request) }
    let seen = silence.server.requests.count
    guard seen < silence.count else { return try await transport.send(request) }
    let task = Task { [transport] in try await transport.send(request) }
    while silence.server.requests.count == seen { try? await Task.sleep(for: .milliseconds(2)) }
    task.cancel()
    throw .timedOut
  }
}
