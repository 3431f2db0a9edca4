import SaaSCore
import TenancyKit

/// Gives every organisation of the shipped directory its tenant, its subdomains and its own domains; what an earlier run
/// has made is found and left as it is.
@Sendable func provisionTenants(_ quickstart: Quickstart) async throws {
  let file = "organizations.tsv"
  let organizations = try Organization.list(in: Quickstart.shippedFile(file), named: file)
  var summary = Provisioning(organizations: organizations.count)
  for organization in organizations { try await provision(organization, in: quickstart, counting: &summary) }
  // Custom domains were written past the service, which would have refreshed the directory.
  try await quickstart.hosts.refresh()
  let status = quickstart.hosts.status
  quickstart.report.section("Tenants", key: "provisioning", summary) {
    [
      "\(summary.organizations) organisations in the directory file",
      "\(summary.created) tenants created, \(summary.found) found from an earlier run",
      "\(summary.subdomains) subdomains and \(summary.customDomains) custom domains mapped",
      "\(status.tenantCount) tenants in the host directory, at revision \(status.revision)",
    ]
  }
}

private func provision(_ organization: Organization, in quickstart: Quickstart, counting summary: inout Provisioning)
  async throws
{
  let tenants = quickstart.tenants.asOperator
  let store = quickstart.stores.tenants
  let id: TenantID
  if let tenant = try await store.tenant(organization: organization.id) {
    id = tenant.id
    summary.found += 1
    // Closing is the last step, so that nothing can be missing.
    if tenant.status == .closed { return }
  } else {
    id = try await tenants.create(slug: organization.slug, for: organization.id, at: quickstart.now).tenantID
    summary.created += 1
  }
  // A run that was interrupted is taken up where it stopped.
  let present = try await store.hosts(of: id)
  let hosts = Set(present?.mappings.map(\.host.rawValue) ?? [])
  for host in organization.subdomains where !hosts.contains(host) {
    try await tenants.addSubdomainMapping(host, to: id, at: quickstart.now)
    summary.subdomains += 1
  }
  for domain in organization.domains where !hosts.contains(domain.host.rawValue) {
    try await add(domain, to: id, in: quickstart)
    summary.customDomains += 1
  }
  switch organization.status {
  case .active: break
  case .suspended: try await tenants.suspend(id, at: quickstart.now)
  case .closed: try await tenants.close(id, at: quickstart.now)
  }
}

/// Brings a customer's domain as far as the directory file says. The findings, which in production the DNS and the
/// provider give, are taken for granted here.
private func add(_ domain: Organization.Domain, to id: TenantID, in quickstart: Quickstart) async throws {
  let store = quickstart.stores.tenants
  var mapping = try await store.insert(
    .custom(domain.host, of: id, at: quickstart.now), label: nil, at: quickstart.now)
  for finding in [DomainFinding.ownershipProven, .providerReady] where mapping.state != domain.state {
    guard case .changed(let next) = mapping.transition(on: finding, at: quickstart.now) else { break }
    mapping = try await store.update(next, at: quickstart.now)
  }
}

private struct Provisioning: Encodable, Sendable {
  var organizations: Int
  var created = 0
  var found = 0
  var subdomains = 0
  var customDomains = 0
}
