internal import Foundation
public import Hummingbird
public import Logging
internal import NIOCore
internal import SaaSCore
internal import ServiceLifecycle
internal import TenancyKit

/// The server: routes and jobs over ``GalleryServices``.
public struct GalleryApplication {
  let services: GalleryServices
  let metrics: PrometheusRegistry
  let logger: Logger

  /// A server over the services.
  public init(_ services: GalleryServices, metrics: PrometheusRegistry, logger: Logger) {
    self.services = services
    self.metrics = metrics
    self.logger = logger
  }

  /// The application, to be run as a service.
  /// - Parameter onStart: called with the port on which it listens.
  public func application(onStart: @escaping @Sendable (Int) async -> Void = { _ in }) -> some ApplicationProtocol {
    let configuration = services.configuration
    let patience = TimeAmount(configuration.patience)
    var application = Application(
      router: router(),
      server: .http1(
        configuration: .init(
          additionalChannelHandlers: [RequestDeadline(patience)])),
      configuration: ApplicationConfiguration(
        address: .hostname(configuration.address, port: configuration.port), serverName: "gallery"),
      onServerRunning: { channel in await onStart(channel.localAddress?.port ?? configuration.port) }, logger: logger)
    application.addServices(Draining(services: services))
    let holder = "\(ProcessInfo.processInfo.hostName)-\(ProcessInfo.processInfo.processIdentifier)"
    for job in GalleryJobs(services: services, logger: logger, holder: holder).all { application.addServices(job) }
    return application
  }

  /// Every route with what runs before it.
  func router() -> Router<GalleryRequestContext> {
    let router = Router(context: GalleryRequestContext.self, options: .autoGenerateHeadEndpoints)
    router.addMiddleware {
      MetricsMiddleware()
      ErrorMiddleware()
      HostMiddleware(hosts: services.hosts, clock: services.clock, scheme: services.configuration.publicScheme)
    }
    HealthRoutes(services: services, metrics: metrics).add(to: router)
    BillingRoutes(services: services).addWebhook(to: router)
    let tenants = router.group()
      .add(middleware: ServedHostMiddleware())
      .add(middleware: TokenMiddleware(key: services.configuration.tokenKey))
    PageRoutes(services: services).add(to: tenants)
    BillingRoutes(services: services).add(to: tenants)
    RunRoutes(services: services).add(to: tenants)
    SettingsRoutes(services: services).add(to: tenants)
    AdminRoutes(services: services).add(to: tenants)
    if services.configuration.isDevelopment { DevelopmentRoutes(services: services).add(to: tenants) }
    return router
  }
}

/// Writes what is waiting and closes the file, once the server takes no more requests.
private struct Draining: Service {
  let services: GalleryServices

  func run() async throws {
    try await gracefulShutdown()
    await services.close()
  }
}
