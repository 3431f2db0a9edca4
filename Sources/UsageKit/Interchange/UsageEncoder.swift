public import SaaSCore

/// Writes runs and events as lines of a file.
///
/// What it writes, ``UsageDecoder`` reads back to equal values. Each line ends with a line feed, in CSV with a carriage
/// return before it (RFC 4180).
public struct UsageEncoder: Sendable {
  /// How lines are written.
  public let format: UsageFormat

  /// A writer of a format.
  public init(_ format: UsageFormat) { self.format = format }

  /// Adds what stands before the first run: nothing in NDJSON, in CSV the header.
  public func appendRunHeader(to bytes: inout [UInt8]) { appendHeader(UsageColumn.ofRuns, to: &bytes) }

  /// Adds what stands before the first event: nothing in NDJSON, in CSV the header.
  public func appendEventHeader(to bytes: inout [UInt8]) { appendHeader(UsageColumn.ofEvents, to: &bytes) }

  /// Adds a line; in CSV it must be of the kind that the header says.
  public func append(_ line: UsageLine, to bytes: inout [UInt8]) {
    switch line {
    case .run(let run, let organizationID): append(run, of: organizationID, to: &bytes)
    case .event(let event, let organizationID): append(event, of: organizationID, to: &bytes)
    }
  }

  /// Adds a run's line.
  public func append(_ run: Run, of organizationID: OrgID, to bytes: inout [UInt8]) {
    var line = LineWriter(format, type: "run")
    line.add(.runID, run.id.text, to: &bytes)
    line.add(.orgID, organizationID.text, to: &bytes)
    line.add(.userID, run.userID.text, to: &bytes)
    line.add(.workflow, run.workflow.text, to: &bytes)
    line.add(.startedAt, run.startedAt, to: &bytes)
    line.add(.finishedAt, run.finishedAt, to: &bytes)
    line.add(.outcome, run.outcome.rawValue.utf8, to: &bytes)
    line.add(.artifactCount, run.artifactCount, to: &bytes)
    line.end(&bytes)
  }

  /// Adds an event's line.
  public func append(_ event: UsageEvent, of organizationID: OrgID, to bytes: inout [UInt8]) {
    var line = LineWriter(format, type: "event")
    line.add(.eventID, event.id.text, to: &bytes)
    line.add(.orgID, organizationID.text, to: &bytes)
    line.add(.runID, event.runID.text, to: &bytes)
    line.add(.stepID, event.stepID?.text, to: &bytes)
    line.add(.provider, event.provider.text, to: &bytes)
    line.add(.model, event.model.text, to: &bytes)
    line.add(.promptTokens, event.tokens.prompt, to: &bytes)
    line.add(.cachedPromptTokens, event.tokens.cachedPrompt, to: &bytes)
    line.add(.cacheWritePromptTokens, event.tokens.cacheWritePrompt, to: &bytes)
    line.add(.completionTokens, event.tokens.completion, to: &bytes)
    line.add(.serviceTier, event.serviceTier?.text, to: &bytes)
    line.add(.durationMilliseconds, event.durationMilliseconds, to: &bytes)
    line.add(.resultSize, event.resultSize, to: &bytes)
    line.add(.createdAt, event.createdAt, to: &bytes)
    line.end(&bytes)
  }

  private func appendHeader(_ columns: [UsageColumn], to bytes: inout [UInt8]) {
    guard format == .csv else { return }
    bytes.append(contentsOf: columns.map(\.rawValue).joined(separator: ",").utf8)
    bytes.append(contentsOf: "\r\n".utf8)
  }
}

/// Writes the values of one line in the order of its columns.
private struct LineWriter {
  private let format: UsageFormat
  private let type: String
  private var isFirst = true

  init(_ format: UsageFormat, type: String) {
    self.format = format
    self.type = type
  }

  mutating func add(_ column: UsageColumn, _ text: InlineText?, to bytes: inout [UInt8]) {
    add(column, text?.bytes, to: &bytes)
  }

  mutating func add(_ column: UsageColumn, _ instant: Timestamp?, to bytes: inout [UInt8]) {
    add(column, (instant?.iso8601.utf8).map { Array($0) }, to: &bytes)
  }

  mutating func add(_ column: UsageColumn, _ number: Int64, to bytes: inout [UInt8]) {
    begin(column, &bytes)
    bytes.append(contentsOf: String(number).utf8)
  }

  mutating func add(_ column: UsageColumn, _ text: (some Collection<UInt8>)?, to bytes: inout [UInt8]) {
    switch (format, text) {
    case (.ndjson, nil): return
    case (.ndjson, let text?):
      begin(column, &bytes)
      // Identifiers have no control characters, so that these two are the only ones to escape (RFC 8259 §7).
      Self.quote(text, escaping: [UInt8(ascii: "\""), UInt8(ascii: "\\")], with: UInt8(ascii: "\\"), &bytes)
    case (.csv, let text):
      begin(column, &bytes)
      guard let text else { return }
      if text.contains(where: { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") }) {
        Self.quote(text, escaping: [UInt8(ascii: "\"")], with: UInt8(ascii: "\""), &bytes)
      } else {
        bytes.append(contentsOf: text)
      }
    }
  }

  func end(_ bytes: inout [UInt8]) {
    bytes.append(contentsOf: (format == .ndjson ? "}\n" : "\r\n").utf8)
  }

  private mutating func begin(_ column: UsageColumn, _ bytes: inout [UInt8]) {
    switch format {
    case .ndjson:
      bytes.append(contentsOf: (isFirst ? #"{"type":"\#(type)","# : ",").utf8)
      bytes.append(UInt8(ascii: "\""))
      bytes.append(contentsOf: column.rawValue.utf8)
      bytes.append(contentsOf: "\":".utf8)
    case .csv:
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
    }
    isFirst = false
  }

  private static func quote(
    _ text: some Collection<UInt8>, escaping special: [UInt8], with mark: UInt8, _ bytes: inout [UInt8]
  ) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text {
      if special.contains(byte) { bytes.append(mark) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
