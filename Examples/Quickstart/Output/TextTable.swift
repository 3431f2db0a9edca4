/// Rows of text in columns as wide as they need.
struct TextTable {
  enum Alignment { case left, right }

  private let alignments: [Alignment]
  private var rows: [[String]]

  /// A table with these headings.
  init(_ columns: [(String, Alignment)]) {
    alignments = columns.map(\.1)
    rows = [columns.map(\.0)]
  }

  mutating func add(_ row: [String]) { rows.append(row) }

  /// The table's lines, a rule under the headings.
  var lines: [String] {
    let widths = alignments.indices.map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    var lines = rows.map { row in
      let cells = zip(row.indices, row).map { column, cell in
        let space = String(repeating: " ", count: max(0, widths[column] - cell.count))
        return alignments[column] == .left ? cell + space : space + cell
      }
      return trimmed(cells.joined(separator: "  "))
    }
    lines.insert(widths.map { String(repeating: "-", count: $0) }.joined(separator: "  "), at: 1)
    return lines
  }

  private func trimmed(_ line: String) -> String {
    String(line.reversed().drop { $0 == " " }.reversed())
  }
}

/// Bytes as a terminal can safely show them, shortened to a width.
func shown(_ bytes: [UInt8], width: Int = 48) -> String {
  var text = ""
  for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
    text += (0x20..<0x7f).contains(scalar.value) ? String(scalar) : scalar.escaped(asASCII: true)
  }
  if text.isEmpty { return "(empty)" }
  return text.count <= width ? text : text.prefix(width - 3) + "..."
}
