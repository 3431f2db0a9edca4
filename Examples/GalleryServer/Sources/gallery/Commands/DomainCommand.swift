internal import ArgumentParser
internal import GalleryServer
internal import SQLiteStore
internal import SaaSCore
internal import TenancyKit

/// `gallery domain`: custom domains, as their tenant's owner would manage them.
struct DomainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "domain", abstract: "Adds, checks, removes and lists custom domains.",
    discussion: "The provider is Vercel where VERCEL_TOKEN and VERCEL_PROJECT_ID are set; else a fake one.",
    subcommands: [Add.self, Check.self, Remove.self, List.self])

  struct Add: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Claims a domain for a tenant and prints the DNS records that it needs.")

    @OptionGroup var options: DomainOptions
    @Argument(help: "The tenant's slug.") var slug: String
    @Argument(help: "The domain.") var domain: String

    func run() async throws {
      try await options.change(slug) { (service, tenant, member) async throws(DomainServiceError) in
        try await service.add(domain, to: tenant, as: member, ifFewerThan: nil)
      }
    }
  }

  struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Asks the DNS and the provider about a domain now.")

    @OptionGroup var options: DomainOptions
    @Argument(help: "The tenant's slug.") var slug: String
    @Argument(help: "The domain.") var domain: String

    func run() async throws {
      let host = try DomainOptions.host(domain)
      try await options.change(slug) { (service, tenant, member) async throws(DomainServiceError) in
        try await service.recheck(host, of: tenant, as: member)
      }
    }
  }

  struct Remove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Stops serving a domain and removes it.")

    @OptionGroup var options: DomainOptions
    @Argument(help: "The tenant's slug.") var slug: String
    @Argument(help: "The domain.") var domain: String

    func run() async throws {
      let host = try DomainOptions.host(domain)
      try await options.change(slug) { (service, tenant, member) async throws(DomainServiceError) in
        try await service.remove(host, of: tenant, as: member)
      }
    }
  }

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists a tenant's domains.")

    @OptionGroup var options: DomainOptions
    @Argument(help: "The tenant's slug.") var slug: String

    func run() async throws {
      try await options.withService(slug) { service, tenant, member in
        let lines = try await service.domains(of: tenant, as: member).map { DomainLine($0.host, $0) }
        try options.store.print(DomainLine.table(lines), or: lines)
      }
    }
  }
}

/// What every command on domains takes.
struct DomainOptions: ParsableArguments {
  @OptionGroup var store: StoreOptions
  @OptionGroup var platform: PlatformOptions

  static func host(_ text: String) throws -> HostName {
    guard let name = try? DomainName(text) else { throw CommandFailure("\(text) is not a domain") }
    return name.host
  }

  func withService(_ slug: String, _ work: (DomainService, TenantContext, Membership) async throws -> Void)
    async throws
  {
    let platform = try platform.platform()
    let vercel = try Secrets.vercel()
    if vercel == nil { Output.note("no VERCEL_TOKEN: the domain provider and the DNS are fakes that know nothing") }
    let ports = try DomainPorts(vercel)
    try await store.withStore { store in
      let service = DomainService(
        platform: platform, store: store, provider: ports.provider, dns: ports.dns, directories: [])
      let tenant = try await store.context(named: slug)
      try await work(service, tenant, try .ofOperator(in: tenant.organizationID))
    }
  }

  func change(
    _ slug: String,
    _ work: (DomainService, TenantContext, Membership) async throws(DomainServiceError) -> DomainReport
  ) async throws {
    try await withService(slug) { service, tenant, member in
      let report: DomainReport
      do throws(DomainServiceError) {
        report = try await work(service, tenant, member)
      } catch {
        throw CommandFailure(Self.words(for: error))
      }
      let line = DomainLine(report.host, report.status)
      try store.print(DomainLine.table([line]), or: line)
    }
  }

  private static func words(for error: DomainServiceError) -> String {
    switch error {
    case .heldBack(let until): "the provider or a resolver wants to be left alone until \(until.iso8601)"
    case .checkedJustNow(let until): "the domain was just checked; again from \(until.iso8601)"
    case .noSuchDomain(let host): "the tenant has no domain \(host)"
    case .operatorsMapping(let host): "\(host) is a mapping under the platform's domain"
    case .invalidName(let fault): "this is not a domain: \(fault)"
    case .notClaimable(let refusal): "the domain cannot be claimed: \(refusal)"
    case .store(let fault): "the store refused: \(fault)"
    case .refused(let refusal): "refused: \(refusal)"
    }
  }
}

/// A domain as it is printed.
private struct DomainLine: Encodable {
  struct Record: Encodable {
    let type: String
    let name: String
    let value: String
  }

  let domain: String
  let state: String
  let obstacle: String?
  let records: [Record]

  init(_ host: HostName, _ status: DomainStatus?) {
    domain = host.rawValue
    state = status?.state.name ?? "removed"
    obstacle = status?.state.failure?.code ?? status?.obstacle?.rawValue
    records = (status?.records ?? []).map {
      Record(type: $0.kind.rawValue, name: $0.name.rawValue, value: $0.value)
    }
  }

  static func table(_ lines: [DomainLine]) -> TextTable {
    TextTable(
      ["DOMAIN", "STATE", "OBSTACLE", "RECORD", "NAME", "VALUE"],
      lines.flatMap { line in
        let first = [line.domain, line.state, line.obstacle ?? ""]
        guard !line.records.isEmpty else { return [first + ["", "", ""]] }
        return line.records.enumerated().map { index, record in
          (index == 0 ? first : ["", "", ""]) + [record.type, record.name, record.value]
        }
      })
  }
}
