internal import Foundation

/// What commands print: results on standard output, everything else on standard error.
enum Output {
  static func text(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

  static func note(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

  /// A value as one line of JSON, keys in alphabetical order.
  static func json(_ value: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    FileHandle.standardOutput.write(try encoder.encode(value) + Data("\n".utf8))
  }
}

/// Rows under headings, each column as wide as its widest text.
struct TextTable {
  private let rows: [[String]]

  init(_ headings: [String], _ rows: [[String]]) { self.rows = [headings] + rows }

  var text: String {
    var widths: [Int] = []
    for row in rows {
      for (column, field) in row.enumerated() {
        if column < widths.count {
          widths[column] = max(widths[column], field.count)
        } else {
          widths.append(field.count)
        }
      }
    }
    return rows.map { row in
      let fields = zip(row, widths).map { field, width in
        field + String(repeating: " ", count: width - field.count)
      }
      let line = fields.joined(separator: "  ")
      return (line.last == " " ? String(line.reversed().drop { $0 == " " }.reversed()) : line) + "\n"
    }.joined()
  }
}

/// A bar on standard error for long work, where that is a terminal.
struct ProgressBar: Sendable {
  private static let width = 40
  private let total: Int64
  private let isShown: Bool

  init(total: Int64, isWanted: Bool) {
    self.total = max(total, 1)
    isShown = isWanted && isatty(FileHandle.standardError.fileDescriptor) == 1
  }

  func show(_ done: Int64, _ note: String) {
    guard isShown else { return }
    let share = Int(clamping: min(max(Int128(done) * 100 / Int128(total), 0), 100))
    let filled = share * Self.width / 100
    let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
    FileHandle.standardError.write(Data("\r[\(bar)] \(share)% \(note)\u{1B}[K".utf8))
  }

  func end() {
    if isShown { FileHandle.standardError.write(Data("\n".utf8)) }
  }
}
