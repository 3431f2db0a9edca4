/// A table as comma-separated values (RFC 4180): UTF-8, lines ended by CR LF, a first line of names.
///
/// A text that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a carriage return, or
/// with white space before one) gets an apostrophe in front, as OWASP's advice on CSV injection has it. Numbers stay
/// numbers.
public struct CSVTable: Sendable, Hashable {
  /// One cell.
  public enum Cell: Sendable, Hashable {
    /// A text that somebody chose.
    case text(String)
    /// A number or a date, written as it is.
    case exact(String)
    /// Nothing.
    case empty
  }

  /// The table's name, fit for a file's: `users`.
  public let name: String
  /// The names of the columns.
  public let header: [String]
  /// The lines.
  public let rows: [[Cell]]

  init(_ name: String, header: [String], rows: [[Cell]]) {
    self.name = name
    self.header = header
    self.rows = rows
  }

  /// The table as text.
  public var text: String {
    ([header.map(Cell.exact)] + rows).map { row in
      row.map(Self.encoded).joined(separator: ",") + "\r\n"
    }.joined()
  }

  private static func encoded(_ cell: Cell) -> String {
    switch cell {
    case .empty: ""
    case .exact(let text): quoted(text)
    case .text(let text): quoted(isFormula(text) ? "'" + text : text)
    }
  }

  private static func isFormula(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first else { return false }
    if first == "\t" || first == "\r" || first == "\n" { return true }
    let visible = text.unicodeScalars.first { !$0.properties.isWhitespace }
    // Full-width forms are folded to the plain ones by some spreadsheets.
    return visible.map { "=+-@＝＋－＠".unicodeScalars.contains($0) } ?? false
  }

  private static func quoted(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
