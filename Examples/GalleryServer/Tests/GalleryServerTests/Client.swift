import Foundation

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// A client that speaks to a port on loopback under any host's name.
struct Client: Sendable {
  let port: Int
  private let session: URLSession

  init(port: Int) {
    self.port = port
    let configuration = URLSessionConfiguration.ephemeral
    configuration.timeoutIntervalForRequest = 20
    configuration.httpMaximumConnectionsPerHost = 16
    configuration.httpShouldSetCookies = false
    session = URLSession(configuration: configuration, delegate: NoRedirects(), delegateQueue: nil)
  }

  struct Answer: Sendable {
    let status: Int
    let headers: [String: String]
    let body: Data

    var text: String { String(decoding: body, as: UTF8.self) }
    var json: JSON { JSON((try? JSONSerialization.jsonObject(with: body)) ?? NSNull()) }
    var code: String? { json["error"]["code"].string }
  }

  func call(
    _ method: String, _ path: String, host: String, token: String? = nil, body: String? = nil,
    headers: [String: String] = [:]
  ) async throws -> Answer {
    guard let url = URL(string: "http://127.0.0.1:\(port)\(path)") else { throw URLError(.badURL) }
    var request = URLRequest(url: url)
    request.httpMethod = method
    request.setValue("\(host):\(port)", forHTTPHeaderField: "Host")
    if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
    for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
    request.httpBody = body.map { Data($0.utf8) }
    let (data, response) = try await session.data(for: request)
    guard let response = response as? HTTPURLResponse else { throw URLError(.badServerResponse) }
    var fields: [String: String] = [:]
    for (name, value) in response.allHeaderFields { fields["\(name)".lowercased()] = "\(value)" }
    return Answer(status: response.statusCode, headers: fields, body: data)
  }

  private final class NoRedirects: NSObject, URLSessionTaskDelegate, Sendable {
    func urlSession(
      _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
      newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
    ) { completionHandler(nil) }
  }
}

/// A part of a JSON text.
struct JSON {
  let value: Any

  init(_ value: Any) { self.value = value }

  subscript(_ name: String) -> JSON { JSON((value as? [String: Any])?[name] ?? NSNull()) }
  subscript(_ index: Int) -> JSON {
    let array = value as? [Any] ?? []
    return JSON(array.indices.contains(index) ? array[index] : NSNull())
  }
  var string: String? { value as? String }
  var int: Int? { (value as? NSNumber)?.intValue }
  var array: [JSON] { (value as? [Any] ?? []).map(JSON.init) }
  var members: [String: JSON] { (value as? [String: Any] ?? [:]).mapValues(JSON.init) }
}
