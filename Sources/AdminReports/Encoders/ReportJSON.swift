internal import Foundation

/// Reports as JSON: keys in alphabetical order, money as decimal text, instants as ISO 8601 in UTC, days as `2026-05-01`,
/// what is not known left out.
public enum ReportJSON {
  /// A report, or any part of one, as UTF-8 bytes of JSON.
  public static func encode(_ report: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(report))
  }
}
