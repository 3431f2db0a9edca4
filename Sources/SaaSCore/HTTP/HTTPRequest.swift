/// One HTTP request.
public struct HTTPRequest: Sendable, Hashable {
  /// What is asked of the resource (RFC 9110 §9).
  public enum Method: String, Sendable, Hashable, CaseIterable {
    /// Reads the resource.
    case get = "GET"
    /// Reads the header fields alone.
    case head = "HEAD"
    /// Gives the resource something to process; twice may do it twice.
    case post = "POST"
    /// Puts what is sent in the resource's place.
    case put = "PUT"
    /// Changes the resource by what is sent.
    case patch = "PATCH"
    /// Removes the resource.
    case delete = "DELETE"
  }

  /// What is asked of the resource.
  public var method: Method
  /// The resource.
  public var url: HTTPURL
  /// The header fields; a transport adds `Host` and `Content-Length`.
  public var headers: HTTPHeaders
  /// The body; empty for none.
  public var body: [UInt8]
  /// How long the whole request may take, from the name's look-up to the last byte of the answer.
  public var timeout: Duration
  /// The most bytes that the answer's body may have.
  public var maximumResponseBodyCount: Int

  /// A request.
  public init(
    _ method: Method, _ url: HTTPURL, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = [],
    timeout: Duration = .seconds(30), maximumResponseBodyCount: Int = 8 << 20
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
    self.timeout = timeout
    self.maximumResponseBodyCount = maximumResponseBodyCount
  }
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// Method, scheme, host and path; query, header values and body may be secret and are left out.
  public var description: String { "\(method.rawValue) \(url.withoutQuery)" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["request": description]) }
}

/// The answer to one HTTP request.
public struct HTTPResponse: Sendable, Hashable {
  /// The status (RFC 9110 §15), 100 to 599.
  public var status: Int
  /// The header fields.
  public var headers: HTTPHeaders
  /// The whole body, content codings undone.
  public var body: [UInt8]

  /// An answer.
  public init(status: Int, headers: HTTPHeaders = HTTPHeaders(), body: [UInt8] = []) {
    self.status = status
    self.headers = headers
    self.body = body
  }

  /// Whether the request succeeded: a status from 200 to 299.
  public var isSuccess: Bool { (200...299).contains(status) }
}
