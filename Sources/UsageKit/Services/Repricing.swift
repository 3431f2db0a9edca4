public import SaaSCore
public import TenancyKit

/// Gives the events of a period the costs of another rate card; repeating it changes nothing more.
public struct Repricing: Sendable {
  private let store: any UsageStore
  private let pricing: any EventPricing

  /// A re-pricing by a rate card.
  public init(store: any UsageStore, pricing: any EventPricing) {
    self.store = store
    self.pricing = pricing
  }

  /// How far a re-pricing has come.
  public struct Progress: Sendable, Hashable {
    /// How many events were looked at.
    public let events: Int
    /// How many of them have another cost now.
    public let changed: Int
    /// How many of them kept their cost because the new one is beyond what an event may cost.
    public let tooCostly: Int
    /// The last event that was looked at; a re-pricing that starts after it goes on from here.
    public let through: EventCursor?
  }

  /// Re-prices the events of a period, page by page, each page in one transaction. The ledger follows at its next
  /// roll-up, except in rows that are sealed.
  ///
  /// - Parameters:
  ///   - start: the last event of a re-pricing that was interrupted; nil for all.
  ///   - progress: called after each page.
  /// - Returns: how far it came: to the end, unless the task was cancelled.
  /// - Throws: ``UsageStoreError``: `deletedBefore`, where the period begins before the horizon, and nothing was changed.
  @discardableResult
  public func run(
    over period: Period, of tenant: TenantContext, after start: EventCursor? = nil,
    progress: (Progress) -> Void = { _ in }
  ) async throws(UsageStoreError) -> Progress {
    var state = Progress(events: 0, changed: 0, tooCostly: 0, through: start)
    var cursor = start
    repeat {
      if Task.isCancelled { return state }
      let page = try await store.events(
        matching: EventQuery(period: period), at: nil, after: cursor, limit: .maximum, of: tenant
      ).page
      var costs: [EventID: EventCost] = [:]
      var tooCostly = 0
      for row in page.elements {
        do {
          let cost = try pricing.cost(of: row.event)
          if cost != row.cost { costs[row.event.id] = cost }
        } catch {
          tooCostly += 1
        }
      }
      var changed = 0
      if !costs.isEmpty {
        let new = costs
        changed = try await TenantSweep.store { () async throws(StoreError) in
          try await store.reprice(new, for: tenant)
        }
      }
      state = Progress(
        events: state.events + page.elements.count, changed: state.changed + changed,
        tooCostly: state.tooCostly + tooCostly,
        through: page.elements.last?.cursor ?? state.through)
      progress(state)
      cursor = page.next
    } while cursor != nil
    return state
  }
}
