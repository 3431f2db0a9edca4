internal import BillingKit
internal import HTTPTypes
internal import Hummingbird
internal import SaaSCore
internal import TenancyKit

/// A tenant's settings: its slug and its custom domains.
struct SettingsRoutes {
  let services: GalleryServices

  private struct NamedDomain: Decodable {
    let domain: String
  }

  private struct NewSlug: Decodable {
    let slug: String
  }

  func add(to routes: RouterGroup<GalleryRequestContext>) {
    routes.get("/api/settings/domains") { _, context in
      let (tenant, member) = try context.requireMembership()
      let limit = try await limit(for: tenant)
      do throws(DomainServiceError) {
        return JSONAnswer.response(
          SettingsAnswer(try await services.settings.settings(of: tenant, as: member, domainLimit: limit)))
      } catch {
        throw APIError(error)
      }
    }
    routes.post("/api/settings/domains") { request, context in
      let (tenant, member) = try context.requireMembership()
      let body = try await JSONAnswer.read(NamedDomain.self, of: request, context)
      let limit = try await limit(for: tenant)
      do throws(DomainServiceError) {
        let report = try await services.settings.addDomain(
          body.domain, to: tenant, as: member, domainLimit: limit)
        return JSONAnswer.response(DomainAnswer(report), status: .created)
      } catch {
        throw APIError(error)
      }
    }
    routes.post("/api/settings/domains/check") { request, context in
      let (tenant, member, host) = try await named(request, context)
      do throws(DomainServiceError) {
        return JSONAnswer.response(
          DomainAnswer(try await services.settings.recheckDomain(host, of: tenant, as: member)))
      } catch {
        throw APIError(error)
      }
    }
    routes.delete("/api/settings/domains") { request, context in
      let (tenant, member, host) = try await named(request, context)
      do throws(DomainServiceError) {
        return JSONAnswer.response(
          DomainAnswer(try await services.settings.removeDomain(host, of: tenant, as: member)))
      } catch {
        throw APIError(error)
      }
    }
    routes.put("/api/settings/slug") { request, context in
      let (tenant, member) = try context.requireMembership()
      let body = try await JSONAnswer.read(NewSlug.self, of: request, context)
      do throws(TenantServiceError) {
        let renamed = try await services.settings.rename(tenant, to: body.slug, as: member)
        let host = services.configuration.platform.host(of: renamed.slug)
        return JSONAnswer.response(SlugAnswer(slug: renamed.slug.rawValue, host: host?.rawValue))
      } catch {
        throw APIError(error)
      }
    }
  }

  private func named(_ request: Request, _ context: GalleryRequestContext) async throws -> (
    TenantContext, Membership, HostName
  ) {
    let (tenant, member) = try context.requireMembership()
    let body = try await JSONAnswer.read(NamedDomain.self, of: request, context)
    guard let host = try? HostName(body.domain) else {
      throw APIError(.unprocessableContent, "invalidDomain", "This is not a domain's name.")
    }
    return (tenant, member, host)
  }

  private func limit(for tenant: TenantContext) async throws(APIError) -> Int? {
    do { return try await services.domainLimit(for: tenant) } catch { throw APIError(error) }
  }
}

private struct SlugAnswer: Encodable {
  let slug: String
  let host: String?
}

/// A domain as the API tells it.
struct DomainAnswer: Encodable {
  struct Record: Encodable {
    let type: String
    let name: String
    let value: String
  }

  let domain: String
  let state: String
  let error: String?
  let records: [Record]

  init(_ report: DomainReport) {
    domain = report.host.rawValue
    state = report.after?.name ?? "removed"
    error = report.after?.failure?.code
    records = report.records.map(Self.record)
  }

  init(_ status: DomainStatus) {
    domain = status.mapping.host.rawValue
    state = status.mapping.state.name
    error = status.mapping.state.failure?.code
    records = status.records.map(Self.record)
  }

  private static func record(_ record: DNSRecord) -> Record {
    Record(type: record.kind.rawValue, name: record.name.rawValue, value: record.value)
  }
}

/// The settings page as the API tells it.
private struct SettingsAnswer: Encodable {
  let slug: String
  let url: String?
  let domains: [DomainAnswer]
  let domainLimit: Int?
  let mayAddDomain: Bool

  init(_ settings: TenantSettings) {
    slug = settings.slug.rawValue
    url = settings.url
    domains = settings.domains.map(DomainAnswer.init)
    domainLimit = settings.domainLimit
    mayAddDomain = settings.mayAddDomain
  }
}

extension APIError {
  init(_ error: DomainServiceError) {
    switch error {
    case .refused(let refusal): self.init(refusal)
    case .invalidName(let error): self.init(.unprocessableContent, "invalidDomain", "\(error)")
    case .notClaimable(let refusal): self.init(.conflict, "notClaimable", "\(refusal)")
    case .noSuchDomain: self.init(.notFound, "noSuchDomain", "There is no such domain here.")
    case .operatorsMapping: self.init(.forbidden, "operatorsMapping", "This domain is the operator's.")
    case .heldBack(let until):
      self.init(.tooManyRequests, "heldBack", "The domain is checked by itself after \(until.iso8601).")
      headers[.retryAfter] = Self.waitingSeconds(until: until)
    case .checkedJustNow(let until):
      self.init(.tooManyRequests, "checkedJustNow", "The domain was just checked; again from \(until.iso8601).")
      headers[.retryAfter] = Self.waitingSeconds(until: until)
    case .store(let error): self.init(error)
    }
  }

  private static func waitingSeconds(until instant: Timestamp) -> String {
    String(max(1, instant.duration(since: SystemWallClock().now()).components.seconds + 1))
  }

  init(_ error: TenantServiceError) {
    switch error {
    case .refused(let refusal): self.init(refusal)
    case .invalidSlug(let error): self.init(.unprocessableContent, "invalidSlug", "\(error)")
    case .invalidHost, .notATenantsSubdomain, .invalidIdentifier:
      self.init(.unprocessableContent, "invalidDomain", "This is not a host that a tenant can have.")
    case .store(let error): self.init(error)
    }
  }
}
