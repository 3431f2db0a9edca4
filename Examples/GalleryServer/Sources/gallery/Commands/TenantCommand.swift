internal import ArgumentParser
internal import Foundation
internal import GalleryServer
internal import SQLiteStore
internal import SaaSCore
internal import TenancyKit

/// `gallery tenant`: tenants and their slugs.
struct TenantCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tenant", abstract: "Creates, renames, suspends and shows tenants.",
    subcommands: [Create.self, Rename.self, Suspend.self, Resume.self, List.self, Show.self])

  struct Create: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Creates an organisation's tenant.")

    @OptionGroup var options: StoreOptions
    @OptionGroup var platform: PlatformOptions

    @Option(help: "The organisation.")
    var org: String

    @Argument(help: "The slug: the label under the platform's domain.")
    var slug: String

    func run() async throws {
      let platform = try platform.platform()
      guard let organization = try? OrgID(org) else { throw ValidationError("--org is not an identifier") }
      try await options.withStore(creates: true) { store in
        let tenant = try await TenantFailure.told { () async throws(TenantServiceError) in
          try await platform.tenants(in: store).create(slug: slug, for: organization, at: SystemWallClock().now())
        }
        try await options.printTenant(tenant.tenantID, in: store)
      }
    }
  }

  struct Rename: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Gives a tenant another slug; the old one is held for it for 90 days and redirects.")

    @OptionGroup var options: StoreOptions
    @OptionGroup var platform: PlatformOptions
    @Argument(help: "The slug.") var slug: String
    @Argument(help: "The new slug.") var to: String

    func run() async throws {
      try await options.change(slug, on: platform) { (tenants, tenant, now) async throws(TenantServiceError) in
        try await tenants.rename(tenant.id, from: tenant.slug, to: to, at: now)
      }
    }
  }

  struct Suspend: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Stops serving a tenant.")

    @OptionGroup var options: StoreOptions
    @OptionGroup var platform: PlatformOptions
    @Argument(help: "The slug.") var slug: String

    func run() async throws {
      try await options.change(slug, on: platform) { (tenants, tenant, now) async throws(TenantServiceError) in
        try await tenants.suspend(tenant.id, at: now)
      }
    }
  }

  struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Serves a suspended tenant again.")

    @OptionGroup var options: StoreOptions
    @OptionGroup var platform: PlatformOptions
    @Argument(help: "The slug.") var slug: String

    func run() async throws {
      try await options.change(slug, on: platform) { (tenants, tenant, now) async throws(TenantServiceError) in
        try await tenants.resume(tenant.id, at: now)
      }
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists all tenants.")

    @OptionGroup var options: StoreOptions

    func run() async throws {
      try await options.withStore { store in
        var tenants: [TenantLine] = []
        var next: TenantID?
        repeat {
          let page = try await store.hosts(after: next, limit: .maximum)
          tenants += page.elements.map(TenantLine.init)
          next = page.next
        } while next != nil
        try options.print(TenantLine.table(tenants), or: tenants)
      }
    }
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Shows one tenant.")

    @OptionGroup var options: StoreOptions
    @Argument(help: "The slug.") var slug: String

    func run() async throws {
      try await options.withStore { store in
        try await options.printTenant(try await store.tenant(named: slug).id, in: store)
      }
    }
  }
}

/// A tenant as it is printed.
struct TenantLine: Encodable {
  let tenantId: String
  let orgId: String
  let slug: String
  let status: String
  let createdAt: Timestamp
  let domains: [String]
  let heldSlugs: [String]

  init(_ hosts: TenantHosts) {
    tenantId = hosts.tenant.id.rawValue
    orgId = hosts.tenant.organizationID.rawValue
    slug = hosts.tenant.slug.rawValue
    status = hosts.tenant.status.rawValue
    createdAt = hosts.tenant.createdAt
    domains = hosts.mappings.map(\.host.rawValue)
    heldSlugs = hosts.holds.map(\.slug.rawValue)
  }

  static func table(_ lines: [TenantLine]) -> TextTable {
    TextTable(
      ["SLUG", "STATUS", "ORGANISATION", "TENANT", "CREATED", "DOMAINS"],
      lines.map {
        [$0.slug, $0.status, $0.orgId, $0.tenantId, $0.createdAt.iso8601, $0.domains.joined(separator: ",")]
      })
  }
}

extension StoreOptions {
  /// Changes the tenant with a slug, and prints what it is then.
  fileprivate func change(
    _ slug: String, on platform: PlatformOptions,
    _ work: (TenantOperator, Tenant, Timestamp) async throws(TenantServiceError) -> Tenant
  ) async throws {
    let platform = try platform.platform()
    try await withStore { store in
      let tenant = try await store.tenant(named: slug)
      try await TenantFailure.told { () async throws(TenantServiceError) in
        try await work(platform.tenants(in: store), tenant, SystemWallClock().now())
      }
      try await printTenant(tenant.id, in: store)
    }
  }

  fileprivate func printTenant(_ id: TenantID, in store: SQLiteStore) async throws {
    guard let hosts = try await store.hosts(of: id) else { throw CommandFailure("the tenant is gone") }
    let line = TenantLine(hosts)
    try print(TenantLine.table([line]), or: line)
  }
}

extension Platform {
  /// The operator's calls on a file. Servers on it learn of changes through its feed.
  func tenants(in store: SQLiteStore) -> TenantOperator {
    TenantService(platform: self, store: store, directories: []) { RandomNames.tenant() }.asOperator
  }
}

/// Failures of tenants' calls in words.
enum TenantFailure {
  @discardableResult
  static func told<Answer>(_ work: () async throws(TenantServiceError) -> Answer) async throws(CommandFailure) -> Answer
  {
    do {
      return try await work()
    } catch {
      switch error {
      case .invalidSlug(let fault): throw CommandFailure("the slug is not valid: \(fault)")
      case .store(.slugTaken(let slug)): throw CommandFailure("the slug \(slug) is taken")
      case .store(.slugHeld(let slug, let until)):
        throw CommandFailure("the slug \(slug) is held until \(until.iso8601)")
      case .store(.organizationHasTenant(let id)): throw CommandFailure("the organisation \(id) has a tenant")
      default: throw CommandFailure("\(error)")
      }
    }
  }
}
