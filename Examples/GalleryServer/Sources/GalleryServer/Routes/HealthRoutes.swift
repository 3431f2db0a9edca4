internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Logging
internal import SaaSCore
internal import TenancyKit

/// `/healthz`, `/readyz`, `/metrics` and `/openapi.json`, on every host: probes know no tenant.
struct HealthRoutes {
  let services: GalleryServices
  let metrics: PrometheusRegistry

  /// How old the index may be before the server says that it is not ready.
  private static let oldestIndex = Duration.seconds(60)

  private struct Health: Encodable {
    let status: String
    let indexAgeSeconds: Int64?
    let tenants: Int?
  }

  private var gauges: StandingGauges { StandingGauges(services: services, metrics: metrics) }

  func add(to router: Router<GalleryRequestContext>) {
    router.get("/healthz") { _, _ in
      JSONAnswer.response(Health(status: "ok", indexAgeSeconds: nil, tenants: nil))
    }
    router.get("/readyz") { _, _ in
      let status = services.hosts.status
      let age = status.age(at: services.clock.now())
      let isReady = age < Self.oldestIndex
      return JSONAnswer.response(
        Health(
          status: isReady ? "ready" : "stale", indexAgeSeconds: age.components.seconds, tenants: status.tenantCount),
        status: isReady ? .ok : .serviceUnavailable)
    }
    router.get("/metrics") { _, context in
      do {
        try await gauges.refresh(at: services.clock.now())
      } catch {
        // What was counted is told all the same.
        context.logger.warning("the gauges could not be read", metadata: ["error": "\(error)"])
      }
      return Response(
        status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.text)))
    }
    router.get("/openapi.json") { _, _ in
      guard let url = Bundle.module.url(forResource: "openapi", withExtension: "json"),
        let data = try? Data(contentsOf: url)
      else { throw APIError(.internalServerError, "internal", "The description is missing.") }
      return Response(
        status: .ok, headers: [.contentType: "application/json; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(bytes: data)))
    }
  }
}
