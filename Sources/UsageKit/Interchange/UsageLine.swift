public import SaaSCore

/// What one line of a file says: a run or an event of an organisation.
public enum UsageLine: Sendable, Hashable {
  /// A run in some state.
  case run(Run, organizationID: OrgID)
  /// An event.
  case event(UsageEvent, organizationID: OrgID)

  /// The organisation.
  public var organizationID: OrgID {
    switch self {
    case .run(_, let organizationID), .event(_, let organizationID): organizationID
    }
  }
}

/// A line that was not recorded, and why.
public struct BadUsageLine: Error, Sendable, Equatable {
  /// The line in the file, from 1; where a CSV record has several lines, the first of them.
  public let number: Int
  /// Why.
  public let fault: UsageLineFault

  /// A line that was not recorded.
  public init(number: Int, fault: UsageLineFault) {
    self.number = number
    self.fault = fault
  }
}

/// Why a line of a file was not recorded.
public enum UsageLineFault: Error, Sendable, Equatable {
  /// It is not JSON.
  case json(JSONError)
  /// It is JSON and no object.
  case notAnObject
  /// It is not CSV.
  case csv(CSVFault)
  /// It has another number of fields than the header.
  case fieldCount(expected: Int, found: Int)
  /// It has more bytes than a line may have.
  case tooLong(maximum: Int)
  /// It says it is neither a `run` nor an `event`.
  case unknownType(String)
  /// Something is not there that a line cannot do without.
  case missing(UsageColumn)
  /// It is not a text, or not a whole number within 64 bits, as it should be.
  case malformed(UsageColumn)
  /// It is not a name.
  case identifier(UsageColumn, IdentifierError)
  /// It is not an instant.
  case instant(UsageColumn, TimestampError)
  /// There is no such outcome.
  case unknownOutcome(String)
  /// A number or an instant cannot be.
  case value(UsageValueError)
  /// No tenant has this organisation, or it was closed.
  case unknownOrganization(OrgID)
  /// The store has something else under the same identifier.
  case conflict(UsageConflict)
  /// The store refused it.
  case refused(UsageRefusal)
}

/// In what way a record is not CSV as RFC 4180 has it.
public enum CSVFault: String, Sendable, Hashable, CaseIterable {
  /// A quotation mark stands within a field that does not begin with one.
  case quoteInField
  /// Something other than a comma or the end of the line follows the quotation mark that closes a field.
  case textAfterQuote
  /// A carriage return stands outside quotation marks without a line feed after it.
  case strayCarriageReturn
  /// The file ends within quotation marks.
  case unclosedQuote
}
