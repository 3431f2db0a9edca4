import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Synchronization

/// A server on loopback that answers those of Stripe's calls that a checkout and a reconciliation make.
final class StripeLookAlike: Sendable {
  struct Call: Sendable {
    let method: String
    let path: String
    let form: [String: String]
    let authorization: String
    let idempotencyKey: String?
  }

  private struct State {
    var calls: [Call] = []
    var customers: [String: [String: String]] = [:]
    var sessions: [String: (customer: String, status: String)] = [:]
    /// The status of each subscription, by its customer.
    var subscriptions: [(id: String, customer: String, status: String)] = []
  }

  private let state = Mutex(State())

  /// Runs it beside some work, which gets its address.
  static func with(_ work: @escaping @Sendable (StripeLookAlike, String) async throws -> Void) async throws {
    let stripe = StripeLookAlike()
    let (ports, report) = AsyncStream<Int>.makeStream()
    let application = Application(
      router: stripe.router(), configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: 0)),
      onServerRunning: { channel in report.yield(channel.localAddress?.port ?? 0) },
      logger: Logger(label: "stripe") { _ in SwiftLogNoOpLogHandler() })
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await application.run() }
      group.addTask {
        for await port in ports {
          try await work(stripe, "http://127.0.0.1:\(port)")
          return
        }
      }
      try await group.next()
      group.cancelAll()
      while true {
        do { guard try await group.next() != nil else { break } } catch {}
      }
    }
  }

  // MARK: What a test does

  var calls: [Call] { state.withLock { $0.calls } }

  /// A buyer pays: the session is complete, and there is a subscription.
  func pay(_ session: String) {
    state.withLock { state in
      guard let customer = state.sessions[session]?.customer else { return }
      state.sessions[session]?.status = "complete"
      state.subscriptions.append(("sub_1", customer, "active"))
    }
  }

  /// Stripe ends a subscription; the webhook that tells so is lost.
  func cancel(_ id: String) {
    state.withLock { state in
      for index in state.subscriptions.indices where state.subscriptions[index].id == id {
        state.subscriptions[index].status = "canceled"
      }
    }
  }

  // MARK: Routes

  private func router() -> Router<BasicRequestContext> {
    let router = Router()
    router.post("/v1/customers") { request, _ in
      let form = try await self.form(request)
      return self.state.withLock { state in
        let id = "cus_\(state.customers.count + 1)"
        state.customers[id] = form
        return Self.json(Self.customer(id, form))
      }
    }
    router.get("/v1/customers/search") { request, _ in
      _ = try await self.form(request)
      return Self.json(Self.list([]))
    }
    router.get("/v1/customers/:id") { request, context in
      _ = try await self.form(request)
      let id = try context.parameters.require("id")
      return self.state.withLock { Self.json(Self.customer(id, $0.customers[id] ?? [:])) }
    }
    router.post("/v1/checkout/sessions") { request, _ in
      let form = try await self.form(request)
      return self.state.withLock { state in
        let id = "cs_\(state.sessions.count + 1)"
        state.sessions[id] = (form["customer"] ?? "", "open")
        return Self.json(Self.session(id, state))
      }
    }
    router.get("/v1/checkout/sessions") { request, _ in
      _ = try await self.form(request)
      return self.state.withLock { state in
        Self.json(Self.list(state.sessions.filter { $0.value.status == "open" }.map { Self.session($0.key, state) }))
      }
    }
    router.get("/v1/checkout/sessions/:id") { request, context in
      _ = try await self.form(request)
      let id = try context.parameters.require("id")
      return self.state.withLock { Self.json(Self.session(id, $0)) }
    }
    router.get("/v1/subscriptions") { request, _ in
      _ = try await self.form(request)
      return self.state.withLock { state in Self.json(Self.list(state.subscriptions.map(Self.subscription))) }
    }
    router.get("/v1/subscriptions/:id") { request, context in
      _ = try await self.form(request)
      let id = try context.parameters.require("id")
      return self.state.withLock { state in
        guard let one = state.subscriptions.first(where: { $0.id == id }) else {
          return Self.json(["error": ["type": "invalid_request_error", "code": "resource_missing"]], .notFound)
        }
        return Self.json(Self.subscription(one))
      }
    }
    return router
  }

  private func form(_ request: Request) async throws -> [String: String] {
    let body = String(buffer: try await request.body.collect(upTo: 1 << 16))
    var form: [String: String] = [:]
    for pair in body.split(separator: "&") {
      let parts = pair.split(separator: "=", maxSplits: 1).map {
        $0.replacing("+", with: " ").removingPercentEncoding ?? ""
      }
      form[parts.first ?? ""] = parts.count > 1 ? parts[1] : ""
    }
    let call = Call(
      method: request.method.rawValue, path: request.uri.path, form: form,
      authorization: request.headers[.authorization] ?? "",
      idempotencyKey: HTTPField.Name("Idempotency-Key").flatMap { request.headers[$0] })
    state.withLock { $0.calls.append(call) }
    return form
  }

  private static func json(_ value: [String: Any], _ status: HTTPTypes.HTTPResponse.Status = .ok) -> Response {
    let data = (try? JSONSerialization.data(withJSONObject: value)) ?? Data()
    return Response(
      status: status, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
  }

  // MARK: Objects

  private static let created = Int(Date().timeIntervalSince1970) - 600

  private static func list(_ data: [[String: Any]]) -> [String: Any] {
    ["object": "list", "data": data, "has_more": false]
  }

  private static func metadata(_ form: [String: String]) -> [String: String] {
    var metadata: [String: String] = [:]
    for (name, value) in form where name.hasPrefix("metadata[") {
      metadata[String(name.dropFirst("metadata[".count).dropLast())] = value
    }
    return metadata
  }

  private static func customer(_ id: String, _ form: [String: String]) -> [String: Any] {
    ["id": id, "object": "customer", "created": created, "livemode": false, "metadata": metadata(form)]
  }

  private static func session(_ id: String, _ state: State) -> [String: Any] {
    let session = state.sessions[id]
    let isComplete = session?.status == "complete"
    return [
      "id": id, "object": "checkout.session", "created": created, "customer": session?.customer ?? "",
      "client_reference_id": "org_a", "expires_at": created + 86_400, "livemode": false, "mode": "subscription",
      "metadata": ["orgId": "org_a"], "payment_status": isComplete ? "paid" : "unpaid",
      "status": session?.status ?? "expired", "subscription": isComplete ? "sub_1" : NSNull(),
      "url": isComplete ? NSNull() : "https://checkout.example/\(id)",
    ]
  }

  private static func subscription(_ one: (id: String, customer: String, status: String)) -> [String: Any] {
    let price: [String: Any] = [
      "id": "price_pro_month", "object": "price", "active": true, "billing_scheme": "per_unit", "created": created,
      "currency": "usd", "livemode": false, "product": "prod_1", "type": "recurring", "unit_amount": 2_500,
      "recurring": ["interval": "month", "interval_count": 1, "usage_type": "licensed"],
    ]
    let item: [String: Any] = [
      "id": "si_1", "object": "subscription_item", "created": created, "price": price, "quantity": 1,
      "subscription": one.id, "current_period_start": created, "current_period_end": created + 30 * 86_400,
    ]
    var items = list([item])
    items["url"] = "/v1/subscription_items?subscription=\(one.id)"
    return [
      "id": one.id, "object": "subscription", "billing_cycle_anchor": created, "cancel_at": NSNull(),
      "cancel_at_period_end": false, "canceled_at": one.status == "canceled" ? created + 60 : NSNull(),
      "ended_at": one.status == "canceled" ? created + 60 : NSNull(), "created": created, "currency": "usd",
      "customer": one.customer, "items": items, "latest_invoice": NSNull(), "livemode": false,
      "metadata": ["orgId": "org_a"], "start_date": created, "status": one.status, "trial_end": NSNull(),
      "trial_start": NSNull(),
    ]
  }
}
