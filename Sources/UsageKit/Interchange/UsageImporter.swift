public import SaaSCore
public import TenancyKit

/// Records the runs and events of a file, whoever's they are.
///
/// It reads the bytes as they come and holds one chunk, one line and one batch of them. Each line's organisation is looked
/// up in the tenant store; an organisation that is not there makes a bad line. Events get their cost as when they are
/// recorded live. What was recorded before is found as a duplicate, so that a file may be imported twice, and an import
/// that broke off may simply be started again. A later line for the same run completes it.
///
/// ```swift
/// let importer = UsageImporter(tenants: store, usage: store, pricing: card, clock: SystemWallClock())
/// let report = try await importer.importFile(at: "usage.ndjson", format: .ndjson) { bad in print(bad) }
/// ```
public struct UsageImporter: Sendable {
  private let tenants: any TenantStore
  private let usage: any UsageStore
  private let pricing: any EventPricing
  private let clock: any WallClock
  private let batchSize: Int
  private let lead: Duration

  /// An importer into a store.
  /// - Parameters:
  ///   - batchSize: how many lines are recorded in one transaction, from 1 to 100 000.
  ///   - lead: how far ahead of now an instant may lie; a line with a later one is bad.
  public init(
    tenants: any TenantStore, usage: any UsageStore, pricing: any EventPricing, clock: any WallClock,
    batchSize: Int = 1_000, lead: Duration = .seconds(3_600)
  ) {
    self.tenants = tenants
    self.usage = usage
    self.pricing = pricing
    self.clock = clock
    self.batchSize = min(max(batchSize, 1), 100_000)
    self.lead = lead
  }

  /// What becomes of the import at a bad line.
  public enum BadLines: Sendable, Hashable {
    /// The line is told and passed over.
    case skip
    /// The first bad line is told and the import ends. The lines before it are recorded; where the line was bad by what is
    /// stored (a conflict, a refusal), so are those after it in its batch. Importing the mended file again records the
    /// rest.
    case abort
  }

  /// Records what bytes say that arrive in chunks.
  /// - Parameters:
  ///   - badLines: what becomes of the import at a bad line.
  ///   - onBadLine: is told every bad line, in the order of their numbers.
  ///   - onProgress: is told how far the import has come, after every batch and at the end.
  /// - Throws: ``UsageImportError``, with what was recorded until then.
  public func importLines<Chunks: AsyncSequence>(
    of chunks: Chunks, format: UsageFormat, badLines: BadLines = .skip,
    onBadLine: @Sendable (BadUsageLine) -> Void = { _ in },
    onProgress: @Sendable (UsageImportReport) -> Void = { _ in }
  ) async throws(UsageImportError) -> UsageImportReport
  where Chunks.Element: Collection<UInt8> {
    var decoder = UsageDecoder(format)
    var batch = UsageImportBatch(badLines: badLines)
    var iterator = chunks.makeAsyncIterator()
    var isAtEnd = false
    while !isAtEnd {
      let chunk: Chunks.Element?
      do {
        chunk = try await iterator.next()
      } catch is CancellationError {
        throw batch.failure(.cancelled)
      } catch {
        throw batch.failure(.source("\(error)"))
      }
      if let chunk {
        batch.report.bytes += Int64(chunk.count)
        decoder.append(chunk)
      } else {
        decoder.finish()
        isAtEnd = true
      }
      while let line = try next(&decoder, batch) {
        try await add(line, to: &batch)
        if batch.count >= batchSize || batch.isEnding {
          try await record(&batch, onBadLine: onBadLine)
          onProgress(batch.report)
        }
      }
    }
    try await record(&batch, onBadLine: onBadLine)
    onProgress(batch.report)
    return batch.report
  }

  private func next(_ decoder: inout UsageDecoder, _ batch: UsageImportBatch) throws(UsageImportError)
    -> UsageDecoder.Result?
  {
    do {
      return try decoder.next()
    } catch {
      throw batch.failure(.header(error))
    }
  }

  /// Puts a line into the batch, its organisation looked up and its event priced.
  private func add(_ result: UsageDecoder.Result, to batch: inout UsageImportBatch) async throws(UsageImportError) {
    batch.report.lines += 1
    switch result {
    case .bad(let bad): batch.add(bad)
    case .line(let number, let line):
      let tenant: TenantContext?
      if let known = batch.contexts[line.organizationID] {
        tenant = known
      } else {
        do {
          tenant = try await tenants.context(organization: line.organizationID)
        } catch {
          throw batch.failure(.tenants(error))
        }
        batch.remember(tenant, of: line.organizationID)
      }
      guard let tenant else {
        return batch.add(BadUsageLine(number: number, fault: .unknownOrganization(line.organizationID)))
      }
      do {
        batch.add(try write(line), of: tenant, number: number)
      } catch {
        batch.add(BadUsageLine(number: number, fault: .value(error)))
      }
    }
  }

  private func write(_ line: UsageLine) throws(UsageValueError) -> UsageWrite {
    let write: UsageWrite =
      switch line {
      case .run(let run, _): .run(run)
      case .event(let event, _): .event(PricedEvent(event, cost: try pricing.cost(of: event)))
      }
    try write.checkInstants(latest: clock.now() + lead)
    return write
  }

  /// Records the batch, tells its bad lines in order, and empties it.
  private func record(_ batch: inout UsageImportBatch, onBadLine: (BadUsageLine) -> Void) async throws(UsageImportError)
  {
    if Task.isCancelled { throw batch.failure(.cancelled) }
    let answers: [[UsageAnswer]]
    do {
      let batches = batch.batches
      answers = batches.isEmpty ? [] : try await usage.record(batches, at: clock.now())
    } catch {
      throw batch.failure(.store(error))
    }
    for bad in batch.settle(answers) {
      batch.report.bad += 1
      onBadLine(bad)
      if batch.badLines == .abort { throw batch.failure(.badLine(bad)) }
    }
  }
}
