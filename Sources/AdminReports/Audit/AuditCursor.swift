internal import Foundation
internal import SaaSCore
internal import UsageKit

/// The place in an audit trail after which its next page begins, bound to the organisation and the query.
///
/// Its text is opaque to its bearer and fit for a URL. It grants nothing: whoever sends it is judged anew.
public struct AuditCursor: Sendable, Hashable {
  /// The text to hand back.
  public let text: String

  /// A cursor that came back; it is checked where it is used.
  public init(_ text: String) { self.text = text }

  struct Content: Codable, Equatable {
    let organization: OrgID
    let query: AuditQuery
    let run: RunCursor?
    let event: EventCursor?
  }

  init(_ content: Content) throws(ReportError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    guard let data = try? encoder.encode(content) else { throw .invalidCursor }
    text = data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
  }

  /// What the cursor holds.
  /// - Throws: ``ReportError/invalidCursor`` where the text was not made here, or for another organisation or query.
  func content(for organization: OrgID, _ query: AuditQuery) throws(ReportError) -> Content {
    let padded =
      text.replacing("-", with: "+").replacing("_", with: "/")
      + String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    guard let data = Data(base64Encoded: padded), let content = try? JSONDecoder().decode(Content.self, from: data),
      content.organization == organization, content.query == query
    else { throw .invalidCursor }
    return content
  }
}

extension AuditCursor: Codable {
  public init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(String.self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
