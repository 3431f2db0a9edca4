public import SaaSCore
public import TenancyKit

/// How far an import has come, and in the end what it did.
public struct UsageImportReport: Sendable, Hashable {
  /// How many lines with runs and events were read, the bad ones among them.
  public var lines = 0
  /// How many bytes were read.
  public var bytes: Int64 = 0
  /// How many runs were new.
  public var runsRecorded = 0
  /// How many runs that were there came further: their end, or more artifacts.
  public var runsUpdated = 0
  /// How many events were new.
  public var eventsRecorded = 0
  /// How many events were new and have no price.
  public var eventsUnpriced = 0
  /// How many runs and events said nothing that was not recorded before.
  public var duplicates = 0
  /// How many lines were bad and were not recorded.
  public var bad = 0

  /// Nothing done yet.
  public init() {}
}

/// Why an import ended before the end of the file, and what it had done by then.
///
/// What is in the report is recorded and stays; importing the file again finds it as duplicates and goes on.
public struct UsageImportError: Error, Sendable, Equatable {
  /// Why it ended.
  public let reason: Reason
  /// What it had done.
  public let report: UsageImportReport

  /// Why an import ends before the end of the file.
  public enum Reason: Sendable, Equatable {
    /// A line is bad, and the caller asked to stop there. Nothing of a later line was recorded, unless the store was what
    /// found it bad: then the rest of its batch was.
    case badLine(BadUsageLine)
    /// A CSV file cannot be read under its first line.
    case header(UsageHeaderFault)
    /// The source of the bytes failed; the text is for the operator.
    case source(String)
    /// The tenants could not be read.
    case tenants(TenantStoreError)
    /// The store failed.
    case store(StoreError)
    /// The task was cancelled.
    case cancelled
  }
}
