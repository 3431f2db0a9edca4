internal import Foundation
internal import SaaSCore

#if canImport(FoundationNetworking)
  internal import FoundationNetworking
#endif

/// Hands what a session tells about its tasks to their receipts.
final class TaskRouter: NSObject, URLSessionDataDelegate, Sendable {
  private let receipts = Lock([Int: Receipt]())

  func register(_ receipt: Receipt, for task: URLSessionTask) {
    receipts.withLock { $0[task.taskIdentifier] = receipt }
  }

  private func receipt(for task: URLSessionTask) -> Receipt? {
    receipts.withLock { $0[task.taskIdentifier] }
  }

  func urlSession(
    _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
    newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
  ) {
    completionHandler(nil)
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping @Sendable (URLSession.ResponseDisposition) -> Void
  ) {
    guard let receipt = receipt(for: dataTask), let http = Self.response(response) else {
      return completionHandler(.cancel)
    }
    let goesOn = receipt.begin(http, announcedBodyCount: response.expectedContentLength)
    completionHandler(goesOn ? .allow : .cancel)
  }

  /// Status and fields of an answer, or nil where it is not HTTP's.
  private static func response(_ response: URLResponse?) -> HTTPResponse? {
    guard let http = response as? HTTPURLResponse else { return nil }
    var headers = HTTPHeaders()
    for (name, value) in http.allHeaderFields {
      guard let name = name as? String, let value = value as? String else { continue }
      // A field that no message may have is not worth losing the answer for.
      try? headers.append(name, value)
    }
    return HTTPResponse(status: http.statusCode, headers: headers)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    guard let receipt = receipt(for: dataTask), receipt.append(data) else { return dataTask.cancel() }
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    let receipt: Receipt? = receipts.withLock { $0.removeValue(forKey: task.taskIdentifier) }
    guard let receipt else { return }
    if let error {
      receipt.end(with: Self.transportError(error))
    } else {
      // A redirect that leads nowhere is not handed over on Linux, only kept with the task.
      receipt.complete(with: Self.response(task.response))
    }
  }

  /// What Foundation's error means for the request; the texts are the codes' own, never a URL or a header.
  static func transportError(_ error: any Error) -> HTTPTransportError {
    guard let error = error as? URLError else { return .connectionLost("\((error as NSError).domain)") }
    let text = "URLError \(error.code.rawValue)"
    switch error.code {
    case .timedOut: return .timedOut
    case .cancelled: return .cancelled
    case .cannotFindHost, .cannotConnectToHost, .dnsLookupFailed, .notConnectedToInternet, .secureConnectionFailed,
      .serverCertificateHasBadDate, .serverCertificateUntrusted, .serverCertificateHasUnknownRoot,
      .serverCertificateNotYetValid, .clientCertificateRejected, .clientCertificateRequired,
      .internationalRoamingOff, .callIsActive, .dataNotAllowed:
      return .couldNotConnect(text)
    case .badURL, .unsupportedURL, .appTransportSecurityRequiresSecureConnection: return .invalidRequest(text)
    case .dataLengthExceedsMaximum: return .responseBodyTooLarge(limit: 0)
    default: return .connectionLost(text)
    }
  }
}
