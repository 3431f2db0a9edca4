#if SQLite
  import SaaSCore
  import SQLiteStore
  import TenancyKit
  import Testing
  import UsageKit

  /// Usage of thirty tenants, for jobs that go through them.
  enum SixMonths {
    /// 2024-06-28, when the last of six months is not over.
    static let end: Int64 = 1_719_532_800

    /// Thirty tenants with sixty events and six runs each from January to June 2024.
    static func fill(_ store: SQLiteStore) async throws -> [TenantContext] {
      var tenants: [TenantContext] = []
      for number in 0..<30 {
        let name = "t\(number)"
        let instant = Timestamp(seconds: 1_704_067_200)
        let tenant = Tenant(
          id: try TenantID(name), organizationID: try OrgID(name), slug: try Slug(name), createdAt: instant)
        _ = try await store.insert(tenant, at: instant)
        let context = try #require(try await store.context(for: tenant.id))
        let writes = try (0..<60).flatMap { event in
          let event = try self.event(event, at: instant + .seconds(Int64(event) * 250_000))
          let picos = Int64(number * 1_000) + event.tokens.prompt
          let record = UsageWrite.event(
            PricedEvent(event, cost: .priced(PicoUSD(picos: picos), rate: try RateID("r"))))
          guard event.tokens.prompt % 10 == 3 else { return [record] }
          let run = try Run(
            id: event.runID, userID: UserID("ann"), workflow: WorkflowName("review"), startedAt: event.createdAt,
            finishedAt: event.createdAt + .seconds(9), outcome: .succeeded, artifactCount: 1)
          return [record, .run(run)]
        }
        _ = try await store.record([UsageBatch(writes, for: context)], at: instant)
        tenants.append(context)
      }
      return tenants
    }

    private static func event(_ number: Int, at instant: Timestamp) throws -> UsageEvent {
      try UsageEvent(
        id: EventID("e\(number)"), runID: RunID("r\(number / 10)"), provider: ProviderName("p"),
        model: ModelName("m"), tokens: TokenCounts(prompt: Int64(number), completion: 1), durationMilliseconds: 1,
        createdAt: instant)
    }
  }
#endif
