internal import SaaSCore

/// One line's values by column, however the line is written.
protocol UsageFields {
  /// The text of a column, or nil where it is not there.
  func text(_ column: UsageColumn) throws(UsageLineFault) -> String?
  /// The whole number of a column, or nil where it is not there.
  func integer(_ column: UsageColumn) throws(UsageLineFault) -> Int64?
}

extension UsageFields {
  func run() throws(UsageLineFault) -> UsageLine {
    let organizationID = try name(.orgID, OrgID.init(_:))
    let outcomeText = try needed(text(.outcome), .outcome)
    guard let outcome = Run.Outcome(rawValue: outcomeText) else { throw .unknownOutcome(outcomeText) }
    let id = try name(.runID, RunID.init(_:))
    let userID = try name(.userID, UserID.init(_:))
    let workflow = try name(.workflow, WorkflowName.init(_:))
    let startedAt = try needed(instant(.startedAt), .startedAt)
    let finishedAt = try instant(.finishedAt)
    let artifactCount = try needed(integer(.artifactCount), .artifactCount)
    do {
      let run = try Run(
        id: id, userID: userID, workflow: workflow, startedAt: startedAt, finishedAt: finishedAt, outcome: outcome,
        artifactCount: artifactCount)
      return .run(run, organizationID: organizationID)
    } catch {
      throw .value(error)
    }
  }

  func event() throws(UsageLineFault) -> UsageLine {
    let organizationID = try name(.orgID, OrgID.init(_:))
    let id = try name(.eventID, EventID.init(_:))
    let runID = try name(.runID, RunID.init(_:))
    let stepID = try optionalName(.stepID, StepID.init(_:))
    let provider = try name(.provider, ProviderName.init(_:))
    let model = try name(.model, ModelName.init(_:))
    let serviceTier = try optionalName(.serviceTier, ServiceTier.init(_:))
    let prompt = try needed(integer(.promptTokens), .promptTokens)
    let cachedPrompt = try integer(.cachedPromptTokens) ?? 0
    let cacheWritePrompt = try integer(.cacheWritePromptTokens) ?? 0
    let completion = try needed(integer(.completionTokens), .completionTokens)
    let duration = try needed(integer(.durationMilliseconds), .durationMilliseconds)
    let resultSize = try needed(integer(.resultSize), .resultSize)
    let createdAt = try needed(instant(.createdAt), .createdAt)
    do {
      let tokens = try TokenCounts(
        prompt: prompt, cachedPrompt: cachedPrompt, cacheWritePrompt: cacheWritePrompt, completion: completion)
      let event = try UsageEvent(
        id: id, runID: runID, stepID: stepID, provider: provider, model: model, tokens: tokens,
        serviceTier: serviceTier, durationMilliseconds: duration, resultSize: resultSize, createdAt: createdAt)
      return .event(event, organizationID: organizationID)
    } catch {
      throw .value(error)
    }
  }

  private func needed<Value>(_ value: Value?, _ column: UsageColumn) throws(UsageLineFault) -> Value {
    guard let value else { throw .missing(column) }
    return value
  }

  private func name<Name: Identifier>(
    _ column: UsageColumn, _ make: (String) throws(IdentifierError) -> Name
  ) throws(UsageLineFault) -> Name {
    try needed(optionalName(column, make), column)
  }

  private func optionalName<Name: Identifier>(
    _ column: UsageColumn, _ make: (String) throws(IdentifierError) -> Name
  ) throws(UsageLineFault) -> Name? {
    guard let text = try text(column) else { return nil }
    do {
      return try make(text)
    } catch {
      throw .identifier(column, error)
    }
  }

  private func instant(_ column: UsageColumn) throws(UsageLineFault) -> Timestamp? {
    guard let text = try text(column) else { return nil }
    do {
      return try Timestamp(iso8601: text)
    } catch {
      throw .instant(column, error)
    }
  }
}

/// A line of NDJSON.
struct JSONUsageFields: UsageFields {
  let object: JSONValue

  func text(_ column: UsageColumn) throws(UsageLineFault) -> String? {
    guard let value = object[column.rawValue], !value.isNull else { return nil }
    guard let text = value.string else { throw .malformed(column) }
    return text
  }

  func integer(_ column: UsageColumn) throws(UsageLineFault) -> Int64? {
    guard let value = object[column.rawValue], !value.isNull else { return nil }
    guard let number = value.int64 else { throw .malformed(column) }
    return number
  }

  /// Reads a line.
  static func line(_ bytes: Span<UInt8>) throws(UsageLineFault) -> UsageLine {
    let root: JSONValue
    do {
      root = try JSONDocument(bytes).root
    } catch {
      throw .json(error)
    }
    guard root.kind == .object else { throw .notAnObject }
    let fields = JSONUsageFields(object: root)
    guard let type = try fields.text(.type) else { throw .missing(.type) }
    switch type {
    case "run": return try fields.run()
    case "event": return try fields.event()
    default: throw .unknownType(type)
    }
  }
}

/// A record of CSV under a header.
struct CSVUsageFields: UsageFields {
  let header: CSVUsageHeader
  let record: CSVRecord

  func text(_ column: UsageColumn) throws(UsageLineFault) -> String? {
    guard let index = header.positions[column] else { return nil }
    let bytes = record.field(index)
    guard !bytes.isEmpty else { return nil }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .malformed(column) }
    return text
  }

  func integer(_ column: UsageColumn) throws(UsageLineFault) -> Int64? {
    guard let text = try text(column) else { return nil }
    guard text.utf8.first != UInt8(ascii: "+"), let number = Int64(text) else { throw .malformed(column) }
    return number
  }

  /// Reads a record.
  static func line(_ record: CSVRecord, under header: CSVUsageHeader) throws(UsageLineFault) -> UsageLine {
    guard record.fieldCount == header.fieldCount else {
      throw .fieldCount(expected: header.fieldCount, found: record.fieldCount)
    }
    let fields = CSVUsageFields(header: header, record: record)
    return header.isOfEvents ? try fields.event() : try fields.run()
  }
}

/// Which field of a CSV record is which column.
struct CSVUsageHeader {
  let positions: [UsageColumn: Int]
  let fieldCount: Int
  /// The file has events, as the column of their identifiers tells, else runs.
  let isOfEvents: Bool

  /// Reads a header.
  init(_ record: CSVRecord) throws(UsageHeaderFault) {
    var positions: [UsageColumn: Int] = [:]
    for index in 0..<record.fieldCount {
      guard let column = UsageColumn(rawValue: String(decoding: record.field(index), as: UTF8.self)) else { continue }
      guard positions.updateValue(index, forKey: column) == nil else { throw .duplicateColumn(column) }
    }
    isOfEvents = positions[.eventID] != nil
    for column in isOfEvents ? UsageColumn.ofEvents : UsageColumn.ofRuns
    where !column.isOptional && positions[column] == nil {
      throw .missingColumn(column)
    }
    self.positions = positions
    fieldCount = record.fieldCount
  }
}

/// Why a CSV file has no header under which it can be read.
public enum UsageHeaderFault: Error, Sendable, Hashable {
  /// A column is not there that no line can do without.
  case missingColumn(UsageColumn)
  /// A column is there twice.
  case duplicateColumn(UsageColumn)
  /// The first record is not CSV.
  case csv(CSVFault)
  /// The first record has more bytes than a line may have.
  case tooLong(maximum: Int)
}
