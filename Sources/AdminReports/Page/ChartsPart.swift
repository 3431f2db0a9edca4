internal import SaaSCore

/// Runs and spend a day, each as a chart with its table.
struct ChartsPart {
  let layout: PageLayout

  private var language: PageLanguage { layout.language }

  func write(to main: inout HTMLWriter) {
    main.element("div", [.class("pair")]) { pair in
      pair.element("section") { writeRuns(to: &$0) }
      pair.element("section") { writeSpend(to: &$0) }
    }
  }

  private func writeRuns(to section: inout HTMLWriter) {
    let days = layout.page.usage.days
    section.element("h2", text: language.text(.dailyRuns))
    let most = days.max { $0.figures.runs.value < $1.figures.runs.value }
    let scale = ChartScale(upTo: Double(most?.figures.runs.value ?? 0), isWhole: true)
    let chart = ColumnChart(
      id: "runs", title: language.text(.dailyRuns),
      summary: language.text(
        .dailyRunsSummary, layout.count(layout.page.usage.total.runs), language.number(days.count),
        language.number(most?.figures.runs.value ?? 0), most.map { language.date($0.day.day) } ?? ""),
      columns: days.map { day in
        ColumnChart.Column(
          value: Double(day.figures.runs.value), part: Double(day.figures.succeeded.value),
          label: language.text(
            .chartDay, language.date(day.day.day), layout.count(day.figures.runs),
            layout.count(day.figures.succeeded)), isPartial: day.isPartial)
      }, scale: (0...scale.stepCount).map { language.number(decimal: scale.text(ofLine: $0)) }, top: scale.top,
      marks: marks(days.map(\.day.day)))
    chart.write(to: &section)
    section.element("ul", [.class("legend")]) { legend in
      legend.element("li", [.class("part")], text: language.text(.succeededLegend))
      legend.element("li", text: language.text(.otherRunsLegend))
    }
    writeTable(
      days.map { ($0.day.day, layout.count($0.figures.runs), $0.figures.runs.audit) }, heading: .runs, to: &section)
  }

  private func writeSpend(to section: inout HTMLWriter) {
    let days = layout.page.costs.days
    section.element("h2", text: language.text(.dailySpend))
    let most = days.max { $0.figures.costUSD < $1.figures.costUSD }
    guard let most, most.figures.costUSD > .zero else {
      section.element("p", [.class("soft")], text: language.text(.noSpend))
      return
    }
    let scale = ChartScale(upTo: Self.height(most.figures.costUSD), isWhole: false)
    let chart = ColumnChart(
      id: "spend", title: language.text(.dailySpend),
      summary: language.text(
        .dailySpendSummary, language.cost(layout.page.costs.total.costUSD), language.number(days.count),
        language.cost(most.figures.costUSD), language.date(most.day.day)),
      columns: days.map { day in
        let height = Self.height(day.figures.costUSD)
        return ColumnChart.Column(
          value: height, part: height,
          label: language.text(.chartDaySpend, language.date(day.day.day), language.cost(day.figures.costUSD)),
          isPartial: day.isPartial)
      }, scale: (0...scale.stepCount).map { language.dollars(scale.text(ofLine: $0, places: 2)) }, top: scale.top,
      marks: marks(days.map(\.day.day)))
    chart.write(to: &section)
    writeTable(
      days.map { ($0.day.day, language.cost($0.figures.costUSD), $0.figures.events.audit) }, heading: .spend,
      to: &section)
  }

  /// How high a sum is drawn, in dollars: a length on a screen and no amount of money.
  private static func height(_ sum: CostSum) -> Double { Double(sum.totalPicos) / 1e12 }

  /// The first and the last day, and one or two between them, evenly.
  private func marks(_ days: [UTCDay]) -> [ColumnChart.Mark] {
    let last = days.count - 1
    let places =
      last < 1 ? [0] : last < 4 ? [0, last] : last < 8 ? [0, last / 2, last] : [0, last / 3, 2 * last / 3, last]
    return places.filter(days.indices.contains).map {
      ColumnChart.Mark(column: $0, label: language.shortDate(days[$0]))
    }
  }

  private func writeTable(_ rows: [(UTCDay, String, AuditQuery)], heading: Phrase, to section: inout HTMLWriter) {
    section.element("details") { details in
      details.element("summary", text: language.text(.asTable))
      details.element("table") { table in
        table.element("thead") { head in
          head.element("tr") { row in
            row.element("th", [.class("name"), .init("scope", "col")], text: language.text(.day))
            row.element("th", [.init("scope", "col")], text: language.text(heading))
          }
        }
        table.element("tbody") { body in
          for (day, value, audit) in rows {
            body.element("tr") { row in
              row.element("th", [.class("name"), .init("scope", "row")], text: language.date(day))
              row.element("td") { layout.writeFigure(value, audit, to: &$0) }
            }
          }
        }
      }
    }
  }
}
