/// A chart of one column a day, drawn as SVG without a script.
///
/// Its places are percentages of its width, so that columns follow the page's width while text keeps its size. It is one
/// image to a screen reader, with a title and a sentence; the numbers stand in a table beside it.
struct ColumnChart {
  /// One column.
  struct Column {
    /// The value, of which only the proportion to the largest counts; not negative.
    let value: Double
    /// The part of the value that is drawn in the second colour, at most the value.
    let part: Double
    /// What the column says when pointed at.
    let label: String
    /// Whether the column is not whole yet.
    let isPartial: Bool
  }

  let id: String
  let title: String
  let summary: String
  let columns: [Column]
  /// The labels of the scale, from the bottom line to the top line, evenly spaced; the last one stands for ``top``.
  let scale: [String]
  /// The value at the top line.
  let top: Double
  /// What is written under some of the columns.
  let marks: [Mark]

  /// What is written under a column.
  struct Mark {
    /// The column's place.
    let column: Int
    /// The text.
    let label: String
  }

  private static let height = 180.0
  private static let plotTop = 12.0
  private static let plotBottom = 152.0

  func write(to page: inout HTMLWriter) {
    page.element(
      "svg",
      [
        .class("chart \(gutter)"), .init("role", "img"), .init("aria-labelledby", "\(id)-title \(id)-summary"),
        .init("width", "100%"), .init("height", Self.text(Self.height)),
      ]
    ) { svg in
      svg.element("title", [.id("\(id)-title")], text: title)
      svg.element("desc", [.id("\(id)-summary")], text: summary)
      writeLines(to: &svg)
      for (index, column) in columns.enumerated() { write(column, at: index, to: &svg) }
      writeScale(to: &svg)
      writeMarks(to: &svg)
    }
  }

  private func height(ofLine index: Int) -> Double {
    Self.plotBottom - (Self.plotBottom - Self.plotTop) * Double(index) / Double(max(scale.count - 1, 1))
  }

  private func writeLines(to svg: inout HTMLWriter) {
    for index in scale.indices {
      let y = height(ofLine: index)
      svg.element(
        "line",
        [
          .class(index == 0 ? "base" : "grid"), .init("x1", "0"), .init("x2", "100%"), .init("y1", Self.text(y)),
          .init("y2", Self.text(y)),
        ]
      ) { _ in }
    }
  }

  /// How much room is left of the columns for the scale, by its longest label.
  private var gutter: String {
    switch scale.map(\.count).max() ?? 0 {
    case ...3: "narrow"
    case ...6: "middle"
    default: "wide"
    }
  }

  /// Left of the columns, where the style leaves a gutter.
  private func writeScale(to svg: inout HTMLWriter) {
    for (index, label) in scale.enumerated() {
      svg.element(
        "text",
        [.init("x", "-8"), .init("y", Self.text(height(ofLine: index) + 4)), .init("text-anchor", "end")], text: label)
    }
  }

  private func write(_ column: Column, at index: Int, to svg: inout HTMLWriter) {
    guard top > 0, column.value > 0 else { return }
    let step = 100 / Double(max(columns.count, 1))
    let height = max((Self.plotBottom - Self.plotTop) * min(column.value / top, 1), 1)
    let part = height * min(max(column.part / column.value, 0), 1)
    svg.element("g", column.isPartial ? [.class("partial")] : []) { group in
      group.element("title", text: column.label)
      for (name, bottom, length) in [("whole", Self.plotBottom - part, height - part), ("part", Self.plotBottom, part)]
      where length > 0 {
        group.element(
          "rect",
          [
            .class(name), .init("x", Self.text((Double(index) + 0.1) * step) + "%"),
            .init("width", Self.text(step * 0.8) + "%"), .init("y", Self.text(bottom - length)),
            .init("height", Self.text(length)),
          ]
        ) { _ in }
      }
    }
  }

  private func writeMarks(to svg: inout HTMLWriter) {
    for mark in marks {
      let centre = (Double(mark.column) + 0.5) * 100 / Double(max(columns.count, 1))
      // The outer labels end with the columns, so that they do not stand out of the chart.
      let (place, anchor) =
        mark.column == 0 ? (0, "start") : mark.column == columns.count - 1 ? (100, "end") : (centre, "middle")
      svg.element(
        "text",
        [
          .init("x", Self.text(place) + "%"), .init("y", Self.text(Self.plotBottom + 18)), .init("text-anchor", anchor),
        ], text: mark.label)
    }
  }

  /// A place or length with at most two decimals.
  static func text(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e6 else { return "0" }
    let hundredths = Int((value * 100).rounded())
    return hundredths % 100 == 0 ? "\(hundredths / 100)" : "\(Double(hundredths) / 100)"
  }
}
