import SaaSCore
import Testing

@testable import TenancyKit

/// The same table that the pure rules are held to, through the index.
@Suite struct HostIndexTableTests {
  @Test(arguments: HostRow.table)
  func `every row of the table is what an index says`(row: HostRow) throws {
    for platform in try HostFixture.platforms() {
      let index = try HostIndex(platform: platform, tenants: HostFixture.tenants())
      let verdict = index.verdict(forHost: row.header.span, at: HostFixture.now)
      #expect(verdict.kind == row.kind)
      #expect(verdict.reason == row.reason)
      #expect(index.tenantID(for: verdict)?.rawValue == row.tenant)
      #expect(index.movedHost(for: verdict)?.rawValue == row.movedTo)
      if row.isText { #expect(index.verdict(forHost: row.text, at: HostFixture.now) == verdict) }
    }
  }
}
