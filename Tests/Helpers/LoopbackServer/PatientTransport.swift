public import SaaSCore

/// A transport that gives every request a day, whatever timeout it has, which is only noted.
///
/// Where hundreds of tests run at once on few processors, an answer can come minutes after it was sent. A test that is not
/// about timeouts waits for it.
public struct PatientTransport: HTTPTransport {
  /// Longer than any run of tests.
  public static let patience = Duration.seconds(86_400)

  private let transport: any HTTPTransport
  private let noted = Lock<[Duration]>([])

  /// A patient user of another transport.
  public init(_ transport: any HTTPTransport) { self.transport = transport }

  /// The timeouts of the requests so far, in order.
  public var timeouts: [Duration] { noted.withLock { $0 } }

  public func send(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
    noted.withLock { $0.append(request.timeout) }
    var request = request
    request.timeout = Self.patience
    return try await transport.send(request)
  }
}
