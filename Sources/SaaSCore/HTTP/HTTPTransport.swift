/// Sends HTTP requests. Provider adapters call it; URLSessionTransport is one implementation, and any client fits.
///
/// An implementation guarantees:
/// - one call is at most one request on the wire: it neither follows a redirect (a 3xx is an answer like any other) nor
///   sends again by itself;
/// - it returns or throws within the request's ``HTTPRequest/timeout``, which counts for everything from the name's
///   look-up to the last byte of the body;
/// - it never holds more of a body than ``HTTPRequest/maximumResponseBodyCount`` bytes, however many arrive;
/// - it keeps no cookies, caches and credentials between requests, and adds no header that changes the meaning;
/// - a cancelled task makes it throw ``HTTPTransportError/cancelled`` soon;
/// - every status is an answer; only its absence is an error, and ``HTTPTransportError/couldNotConnect(_:)`` is thrown
///   only where no byte of the request can have reached the server;
/// - error texts hold neither header values nor bodies.
public protocol HTTPTransport: Sendable {
  /// Sends one request and gives its answer, body and all.
  /// - Throws: ``HTTPTransportError``
  func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse
}

/// Why a request has no answer, told apart by whether the server may have acted on it.
public enum HTTPTransportError: Error, Sendable, Hashable {
  /// The request's timeout passed; the server may have acted.
  case timedOut
  /// The task was cancelled; the server may have acted.
  case cancelled
  /// There is no connection, and so nothing was sent; the text is for the operator's log.
  case couldNotConnect(String)
  /// The connection broke before the answer was whole; the server may have acted.
  case connectionLost(String)
  /// The server answered with a body of more than so many bytes; it did act.
  case responseBodyTooLarge(limit: Int)
  /// The transport cannot send such a request at all; nothing was sent.
  case invalidRequest(String)

  /// Whether the server may have acted on the request.
  public var mayHaveBeenProcessed: Bool {
    switch self {
    case .timedOut, .cancelled, .connectionLost, .responseBodyTooLarge: true
    case .couldNotConnect, .invalidRequest: false
    }
  }

  /// Whether the same request may get an answer later; that sending it again is harmless is for its caller to know.
  public var isTransient: Bool {
    switch self {
    case .timedOut, .couldNotConnect, .connectionLost: true
    case .cancelled, .responseBodyTooLarge, .invalidRequest: false
    }
  }
}
