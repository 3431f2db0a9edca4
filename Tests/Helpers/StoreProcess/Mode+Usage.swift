#if SQLite
  import SaaSCore
  import SQLiteStore
  import TenancyKit
  import UsageKit

  extension Mode {
    /// `record-usage FILE PREFIX COUNT`: eight tasks at once record COUNT events of the organisation `acme`, in calls of one
    /// to nine through one recorder, with the runs that they are part of: some before their run arrives, some after; and
    /// write the identifier of each event that was acknowledged.
    static let recordUsage = Mode(name: "record-usage") { store, arguments in
      guard arguments.count == 2, let count = Int(arguments[1]) else { return }
      let tenant = try await acme(in: store)
      let recorder = UsageRecorder(store: store, pricing: PromptPricing()) {
        RunID(validated: ValidIdentifierText(trusted: InlineText()))
      }
      try await withThrowingTaskGroup(of: Void.self) { group in
        for lane in 0..<8 {
          group.addTask {
            var number = lane
            while number < count {
              let numbers = stride(from: number, to: min(count, number + 8 * (1 + number % 9)), by: 8)
              number += 8 * numbers.underestimatedCount
              let answers = try await recorder.record(
                numbers.flatMap { facts($0, prefix: arguments[0]) }, for: tenant)
              guard answers.allSatisfy({ $0 == .recorded || $0 == .updated }) else { return tell("refused") }
              for number in numbers { tell("\(arguments[0])-\(number)") }
            }
          }
        }
        try await group.waitForAll()
      }
    }

    /// The tenant whose usage is recorded.
    static func acme(in store: SQLiteStore) async throws -> TenantContext {
      if let context = try await store.context(slug: Slug("acme")) { return context }
      let tenant = Tenant(
        id: try TenantID("acme"), organizationID: try OrgID("acme"), slug: try Slug("acme"), createdAt: start)
      do throws(TenantStoreError) {
        _ = try await store.insert(tenant, at: start)
      } catch .tenantExists {
        // Another process came first.
      }
      guard let context = try await store.context(for: tenant.id) else { throw TenantStoreError.store(.notFound) }
      return context
    }

    private static let start = Timestamp(seconds: 1_700_000_000)

    /// An event, and around every third one its run: the start before or after it, the end with a later one.
    private static func facts(_ number: Int, prefix: String) -> [UsageFact] {
      let instant = start + .seconds(Int64(number) * 977)
      guard
        let event = try? UsageEvent(
          id: EventID("\(prefix)-\(number)"), runID: RunID("\(prefix)-run-\(number / 24 * 8 + number % 8)"),
          provider: ProviderName("provider-\(number % 2)"), model: ModelName("model-\(number % 7)"),
          tokens: TokenCounts(prompt: Int64(number), completion: 3), durationMilliseconds: Int64(number % 5_000),
          createdAt: instant),
        let run = try? Run(
          id: event.runID, userID: UserID("user-\(number % 5)"), workflow: WorkflowName("workflow-\(number % 3)"),
          startedAt: instant)
      else { return [] }
      let record = UsageFact.event(event)
      // The number of a run's first, second or third event.
      switch number / 8 % 3 {
      case 0 where number % 2 == 0: return [.run(run), record]
      case 0: return [record]
      case 1 where number % 2 == 1: return [record, .run(run)]
      default: return [record]
      }
    }
  }

  /// Prices an event by its prompt, and some not at all.
  private struct PromptPricing: EventPricing {
    func cost(of event: UsageEvent) throws(UsageValueError) -> EventCost {
      guard event.tokens.prompt % 11 != 0, let rate = try? RateID("card") else { return .unpriced }
      return .priced(PicoUSD(picos: event.tokens.prompt << 20), rate: rate)
    }
  }
#endif
