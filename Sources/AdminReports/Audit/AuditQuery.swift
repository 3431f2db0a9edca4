internal import SaaSCore
public import UsageKit

/// Names the runs or events of which a figure is made, as they were at the revision at which the figure was read.
///
/// It holds no organisation: it is asked of a tenant, and says nothing about any other. ``text`` is its one form in JSON
/// and in links.
public struct AuditQuery: Sendable, Hashable {
  /// What is listed.
  public enum Subject: Sendable, Hashable {
    /// Runs.
    case runs(RunQuery)
    /// Events.
    case events(EventQuery)
  }

  /// What is listed.
  public let subject: Subject
  /// The organisation's revision at which the figure was read; rows inserted later are left out.
  public let revision: Int64

  /// The rows of a subject at a revision.
  public init(_ subject: Subject, revision: Int64) {
    self.subject = subject
    self.revision = revision
  }
}

/// Why a text is not an ``AuditQuery``.
public enum AuditQueryError: Error, Sendable, Hashable {
  /// The text has no pair with this key.
  case missing(key: String)
  /// This key is not one of the subject's, or is there twice.
  case unexpected(key: String)
  /// This key's value cannot be read.
  case invalid(key: String)
}

extension AuditQuery: Codable {
  /// Reads ``text``.
  public init(from decoder: any Decoder) throws {
    self = try decoder.value(ofText: "not an audit query") { text in try Self(text) }
  }

  /// Writes ``text``.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
