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
  /// What is written under the first and the last column.
  let ends: (first: String, last: String)

  private static let height = 180.0
  private static let plotTop = 22.0
  private static let plotBottom = 152.0

  func write(to page: inout HTMLWriter) {
    page.element(
      "svg",
      [
        .class("chart"), .init("role", "img"), .init("aria-labelledby", "\(id)-title \(id)-summary"),
        .init("width", "100%"), .init("height", Self.text(Self.height)),
      ]
    ) { svg in
      svg.element("title", [.id("\(id)-title")], text: title)
      svg.element("desc", [.id("\(id)-summary")], text: summary)
      writeLines(to: &svg)
      for (index, column) in columns.enumerated() { write(column, at: index, to: &svg) }
      writeScale(to: &svg)
      writeEnds(to: &svg)
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

  /// Above the columns, with a halo of the ground's colour, so that every label can be read.
  private func writeScale(to svg: inout HTMLWriter) {
    for (index, label) in scale.enumerated() where index > 0 {
      svg.element(
        "text", [.class("scale"), .init("x", "0"), .init("y", Self.text(height(ofLine: index) - 4))], text: label)
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

  private func writeEnds(to svg: inout HTMLWriter) {
    let y = Self.text(Self.plotBottom + 18)
    svg.element("text", [.init("x", "0"), .init("y", y)], text: ends.first)
    guard columns.count > 1 else { return }
    svg.element("text", [.init("x", "100%"), .init("y", y), .init("text-anchor", "end")], text: ends.last)
  }

  /// A place or length with at most two decimals.
  static func text(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e6 else { return "0" }
    let hundredths = Int((value * 100).rounded())
    return hundredths % 100 == 0 ? "\(hundredths / 100)" : "\(Double(hundredths) / 100)"
  }

  /// A step of the scale as plain decimal text with all its digits: steps are quarters of round numbers, and short.
  static func decimal(_ value: Double) -> String {
    guard value.isFinite, value > 0, value < 9e15 else { return "0" }
    var scaled = value
    for places in 0...12 {
      let whole = scaled.rounded()
      if abs(scaled - whole) <= scaled * 1e-9 {
        let digits = String(Int64(whole))
        guard places > 0 else { return digits }
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        return padded.dropLast(places) + "." + padded.suffix(places)
      }
      scaled *= 10
    }
    return text(value)
  }

  /// A round number at or above a count, whose quarters are whole.
  static func wholeTop(_ count: Double) -> Double {
    let top = max(roundTop(count), 4)
    return (top / 4).rounded(.up) * 4
  }

  /// A round number at or above a value, to be the top of a scale with four steps.
  static func roundTop(_ value: Double) -> Double {
    guard value > 0, value.isFinite else { return 4 }
    var unit = 1.0
    while unit * 10 <= value, unit < 1e15 { unit *= 10 }
    while unit > value, unit > 1e-12 { unit /= 10 }
    for factor in [1, 2, 4, 8, 10] as [Double] where unit * factor >= value { return unit * factor }
    return unit * 10
  }
}
