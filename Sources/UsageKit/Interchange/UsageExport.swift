public import SaaSCore
public import TenancyKit

/// One organisation's runs and events of a period as the bytes of a file, a page of rows at a time.
///
/// The rows are in the order of the store's pages, runs before events. They are those that were there when the first page
/// was read; a row that changes while the export runs may be written in its new value. Costs are not written: whoever
/// imports the file prices its events anew.
///
/// ```swift
/// for try await bytes in UsageExport(.everything, of: period, for: tenant, from: store) { response.write(bytes) }
/// ```
public struct UsageExport: AsyncSequence, Sendable {
  /// What is exported, and how.
  public enum Content: Sendable, Hashable {
    /// The runs that began in the period, then the events that came to be in it, as NDJSON.
    case everything
    /// The runs that began in the period.
    case runs(UsageFormat)
    /// The events that came to be in the period.
    case events(UsageFormat)
  }

  private enum Kind {
    case runs
    case events
  }

  private let kinds: [Kind]
  private let period: Period
  private let tenant: TenantContext
  private let store: any UsageStore
  private let encoder: UsageEncoder

  /// An export of one tenant's usage of a period.
  public init(_ content: Content, of period: Period, for tenant: TenantContext, from store: any UsageStore) {
    let (kinds, format): ([Kind], UsageFormat) =
      switch content {
      case .everything: ([.runs, .events], .ndjson)
      case .runs(let format): ([.runs], format)
      case .events(let format): ([.events], format)
      }
    self.kinds = kinds
    self.period = period
    self.tenant = tenant
    self.store = store
    encoder = UsageEncoder(format)
  }

  /// Begins the export; nothing is read before the first bytes are asked for.
  public func makeAsyncIterator() -> Iterator { Iterator(self) }

  /// Reads a page of rows whenever bytes are asked for.
  public struct Iterator: AsyncIteratorProtocol {
    private let export: UsageExport
    private var kinds: ArraySlice<Kind>
    private var revision: Int64?
    private var runCursor: RunCursor?
    private var eventCursor: EventCursor?
    private var isBeginning = true

    init(_ export: UsageExport) {
      self.export = export
      kinds = export.kinds[...]
    }

    /// The bytes of the next page, or nil after the last; the first of a kind begins with its header.
    /// - Throws: ``UsageStoreError``, which is `deletedBefore` where rows of the period were deleted.
    public mutating func next() async throws(UsageStoreError) -> [UInt8]? {
      while let kind = kinds.first {
        var bytes: [UInt8] = []
        switch kind {
        case .runs: try await appendRuns(to: &bytes)
        case .events: try await appendEvents(to: &bytes)
        }
        if !bytes.isEmpty { return bytes }
      }
      return nil
    }

    private mutating func appendRuns(to bytes: inout [UInt8]) async throws(UsageStoreError) {
      let answer = try await export.store.runs(
        matching: RunQuery(period: export.period), at: revision, after: runCursor, limit: .maximum, of: export.tenant)
      if isBeginning { export.encoder.appendRunHeader(to: &bytes) }
      for row in answer.page.elements {
        export.encoder.append(row.run, of: export.tenant.organizationID, to: &bytes)
      }
      runCursor = answer.page.next
      advance(hasNext: runCursor != nil, revision: answer.revision)
    }

    private mutating func appendEvents(to bytes: inout [UInt8]) async throws(UsageStoreError) {
      let answer = try await export.store.events(
        matching: EventQuery(period: export.period), at: revision, after: eventCursor, limit: .maximum,
        of: export.tenant)
      if isBeginning { export.encoder.appendEventHeader(to: &bytes) }
      for row in answer.page.elements {
        export.encoder.append(row.event, of: export.tenant.organizationID, to: &bytes)
      }
      eventCursor = answer.page.next
      advance(hasNext: eventCursor != nil, revision: answer.revision)
    }

    private mutating func advance(hasNext: Bool, revision: Int64) {
      self.revision = revision
      isBeginning = !hasNext
      if !hasNext { kinds = kinds.dropFirst() }
    }
  }
}
