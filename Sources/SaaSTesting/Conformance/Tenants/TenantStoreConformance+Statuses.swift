internal import SaaSCore
internal import TenancyKit

extension TenantStoreConformance {
  static let statuses = [
    Check("every status may follow another as the rules say, and tells its event", statusTable),
    Check("a status that a tenant has already changes nothing", sameStatus),
    Check("the status of a tenant that there is not cannot be set", missingStatus),
  ]

  private static func statusTable(_ subject: TenantStoreSubject) async throws {
    for old in Tenant.Status.allCases {
      for new in Tenant.Status.allCases where old != new {
        let tenant = try await subject.create("\(old)-\(new)", status: old)
        if old == .closed {
          try await subject.refused(.closed(tenant.id), "making a closed tenant \(new)") {
            try await subject.store.setStatus(new, of: tenant.id, at: TenantStoreSubject.start)
          }
          continue
        }
        let event: TenancyEvent =
          switch new {
          case .active: .resumed(tenantID: tenant.id)
          case .suspended: .suspended(tenantID: tenant.id)
          case .closed: .closed(tenantID: tenant.id)
          }
        let changed = try await subject.tells([event], "making a tenant that is \(old) \(new)") {
          try await subject.peer.setStatus(new, of: tenant.id, at: TenantStoreSubject.start)
        }
        var expected = tenant
        expected.status = new
        expected.revision = changed.revision
        try Expect.equal(changed, expected, "the answer")
        try Expect.holds(changed.revision > tenant.revision, "the revision has grown", got: changed.revision)
        try Expect.equal(await subject.store.tenant(tenant.id), changed, "the stored tenant")
      }
    }
  }

  private static func sameStatus(_ subject: TenantStoreSubject) async throws {
    for status in Tenant.Status.allCases {
      let tenant = try await subject.create(status.rawValue, status: status)
      let answer = try await subject.unchanged("making a tenant that is \(status) \(status)") {
        try await subject.store.setStatus(status, of: tenant.id, at: TenantStoreSubject.start)
      }
      try Expect.equal(answer, tenant, "the answer")
    }
  }

  private static func missingStatus(_ subject: TenantStoreSubject) async throws {
    try await subject.refused(.store(.notFound), "suspending a tenant that there is not") {
      try await subject.store.setStatus(.suspended, of: TenantID("nobody"), at: TenantStoreSubject.start)
    }
  }
}
