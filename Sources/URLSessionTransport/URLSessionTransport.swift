internal import Foundation
public import SaaSCore

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// Sends HTTP requests through Foundation's `URLSession`.
///
/// The session is ephemeral: no cookies, no cache, no stored credentials. Redirects are answers. The timeout counts for
/// the whole request, and the body's cap is held while bytes arrive: the connection is given up with the first byte too
/// many (what the system has read by then and not yet handed over comes on top). Connections are kept and used again; where a kept one turns out to be closed, the system may open another and
/// send the request on that, so a write should carry an idempotency key.
public final class URLSessionTransport: HTTPTransport {
  private let session: URLSession
  private let router: TaskRouter

  /// A transport with a session of its own.
  /// - Parameters:
  ///   - maximumConnectionsPerHost: how many requests may be under way to one host; others wait, within their timeout.
  public init(maximumConnectionsPerHost: Int = 16) {
    let configuration = URLSessionConfiguration.ephemeral
    configuration.httpCookieStorage = nil
    configuration.httpShouldSetCookies = false
    configuration.httpCookieAcceptPolicy = .never
    configuration.urlCache = nil
    configuration.urlCredentialStorage = nil
    configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
    configuration.httpMaximumConnectionsPerHost = max(1, maximumConnectionsPerHost)
    router = TaskRouter()
    session = URLSession(configuration: configuration, delegate: router, delegateQueue: nil)
  }

  deinit { session.invalidateAndCancel() }

  public func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    guard let urlRequest = Self.urlRequest(request) else { throw .invalidRequest("Foundation refuses the URL") }
    guard request.timeout > .zero else { throw .invalidRequest("the timeout is not positive") }
    let receipt = Receipt(limit: request.maximumResponseBodyCount)
    let task = session.dataTask(with: urlRequest)
    router.register(receipt, for: task)
    // The session's own timeout counts from the last byte that came, so a slow body would outlive it.
    let timer = Task { [timeout = request.timeout] in
      do { try await Task.sleep(for: timeout) } catch { return }
      if receipt.end(with: .timedOut) { task.cancel() }
    }
    defer { timer.cancel() }
    let outcome = await withTaskCancellationHandler {
      await receipt.outcome { task.resume() }
    } onCancel: {
      if receipt.end(with: .cancelled) { task.cancel() }
    }
    return try outcome.get()
  }

  private static func urlRequest(_ request: HTTPRequest) -> URLRequest? {
    guard let url = URL(string: request.url.description) else { return nil }
    // Later than our own timer, which then decides alone.
    let (seconds, _) = request.timeout.components
    var result = URLRequest(url: url, timeoutInterval: TimeInterval(seconds) + 60)
    result.httpMethod = request.method.rawValue
    for field in request.headers.fields { result.addValue(field.value, forHTTPHeaderField: field.name) }
    if !request.body.isEmpty {
      result.httpBody = Data(request.body)
      // Foundation would call the body a form where its sender does not say.
      if request.headers["Content-Type"] == nil {
        result.setValue("application/octet-stream", forHTTPHeaderField: "Content-Type")
      }
    }
    return result
  }
}
