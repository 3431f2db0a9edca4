internal import BillingKit
internal import SaaSCore

/// Calls Stripe's REST API: authentication, version, idempotency, repeats and errors, the same for every call.
struct StripeClient: Sendable {
  private let key: StripeAPIKey
  let configuration: StripeConfiguration
  private let sender: RetryingSender

  init(
    key: StripeAPIKey, configuration: StripeConfiguration, transport: any HTTPTransport, clock: any WallClock,
    random: RandomSource
  ) {
    self.key = key
    self.configuration = configuration
    sender = RetryingSender(transport: transport, policy: configuration.retryPolicy, clock: clock, random: random)
  }

  /// Reads an object or a list.
  func get(_ path: [String], _ query: StripeForm = StripeForm()) async throws(GatewayError) -> StripeAnswer {
    try await send(.get, path, query: query, body: nil, key: nil)
  }

  /// Creates or changes an object, once per key.
  func post(_ path: [String], _ form: StripeForm, key: String) async throws(GatewayError) -> StripeAnswer {
    try await send(.post, path, query: StripeForm(), body: form, key: key)
  }

  /// Ends or removes an object; parameters go into the query.
  func delete(_ path: [String], _ query: StripeForm, key: String) async throws(GatewayError) -> StripeAnswer {
    try await send(.delete, path, query: query, body: nil, key: key)
  }

  private func send(
    _ method: HTTPRequest.Method, _ path: [String], query: StripeForm, body: StripeForm?, key idempotencyKey: String?
  ) async throws(GatewayError) -> StripeAnswer {
    let request = try request(method, path, query: query, body: body, key: idempotencyKey)
    let exchange: RetryingSender.Exchange
    do {
      exchange = try await sender.send(request, deciding: Self.decision)
    } catch {
      throw Self.gatewayError(error)
    }
    let response = exchange.response
    guard response.isSuccess else {
      throw StripeFailure.gatewayError(response, hiding: key.text, at: exchange.finishedAt)
    }
    let requestID = response.headers["Request-Id"]
    do {
      let document = try JSONDocument(response.body)
      return StripeAnswer(
        root: document.root, requestID: requestID, serverTimeAtStart: exchange.serverTimeAtStart)
    } catch {
      throw GatewayError(.unreadable, "the answer is not JSON: \(error.description)", requestID: requestID)
    }
  }

  private func request(
    _ method: HTTPRequest.Method, _ path: [String], query: StripeForm, body: StripeForm?, key idempotencyKey: String?
  ) throws(GatewayError) -> HTTPRequest {
    do {
      var headers = HTTPHeaders()
      try headers.append("Authorization", "Bearer " + key.text)
      try headers.append("Stripe-Version", configuration.apiVersion)
      try headers.append("Accept", "application/json")
      try headers.append("User-Agent", "swift-saas-kit")
      if let idempotencyKey { try headers.append("Idempotency-Key", idempotencyKey) }
      if body != nil { try headers.append("Content-Type", "application/x-www-form-urlencoded") }
      let url = try configuration.baseURL.appending(path: path).appending(query: query.pairs)
      return HTTPRequest(method, url, headers: headers, body: body?.body ?? [], timeout: configuration.timeout)
    } catch {
      // An identifier that is no path segment (`..`) names nothing at Stripe, or the key or version fits no header.
      throw GatewayError(.refused, "the request cannot be made: \(error)")
    }
  }

  /// Whether the same request is sent again: no connection or answer, a conflict with a request under way, too many
  /// requests, or a failure of Stripe's own, unless Stripe says otherwise.
  private static func decision(
    _ result: Result<HTTPResponse, HTTPTransportError>, at now: Timestamp
  ) -> RetryingSender.Decision {
    switch result {
    case .failure(let error): return error.isTransient ? .again(advised: nil) : .final
    case .success(let response):
      let again =
        switch response.headers["Stripe-Should-Retry"] {
        case "true": true
        case "false": false
        default: response.status == 409 || response.status == 429 || response.status >= 500
        }
      return again ? .again(advised: RetryAdvice.delay(in: response, at: now)) : .final
    }
  }

  private static func gatewayError(_ error: HTTPTransportError) -> GatewayError {
    switch error {
    case .timedOut: GatewayError(.unavailable, "Stripe did not answer in time")
    case .cancelled: GatewayError(.cancelled, "the task was cancelled")
    case .couldNotConnect(let reason): GatewayError(.unavailable, "no connection to Stripe: \(reason)")
    case .connectionLost(let reason): GatewayError(.unavailable, "the connection to Stripe broke: \(reason)")
    case .responseBodyTooLarge(let limit): GatewayError(.unreadable, "the answer has more than \(limit) bytes")
    case .invalidRequest(let reason): GatewayError(.refused, "the request cannot be sent: \(reason)")
    }
  }
}
