internal import SaaSCore

/// The tables by user, by workflow and by model.
struct TablesPart {
  let layout: PageLayout

  /// How many rows of a table the page shows; the exports have all.
  static let rowLimit = 50

  private var language: PageLanguage { layout.language }

  func write(to main: inout HTMLWriter) {
    let usage = layout.page.usage
    let costs = layout.page.costs
    main.element("div", [.class("pair top")]) { pair in
      pair.element("section") { section in
        let spend = Dictionary(costs.users.map { ($0.userID?.rawValue, $0.figures) }) { first, _ in first }
        writeRuns(
          .byUser, .user, usage.users.map { ($0.userID.rawValue, $0.figures, spend[$0.userID.rawValue]) },
          unknown: spend[nil], to: &section)
      }
      pair.element("section") { section in
        let spend = Dictionary(costs.workflows.map { ($0.workflow?.rawValue, $0.figures) }) { first, _ in first }
        writeRuns(
          .byWorkflow, .workflow,
          usage.workflows.map { ($0.workflow.rawValue, $0.figures, spend[$0.workflow.rawValue]) },
          unknown: spend[nil], to: &section)
      }
    }
    main.element("section") { writeModels(to: &$0) }
  }

  private func writeRuns(
    _ title: Phrase, _ heading: Phrase, _ rows: [(name: String, runs: RunFigures, costs: EventFigures?)],
    unknown: EventFigures?, to section: inout HTMLWriter
  ) {
    section.element("h2", text: language.text(title))
    writeScrolling(title, to: &section) { table in
      writeHeader([heading], [.runs, .successRate, .averageShort, .ninetyFifthShort, .cost], to: &table)
      table.element("tbody") { body in
        for row in rows.prefix(Self.rowLimit) {
          body.element("tr") { line in
            line.element("th", [.class("name"), .init("scope", "row")]) { $0.name(row.name, limit: 64) }
            line.element("td") { layout.writeFigure(layout.count(row.runs.runs), row.runs.runs.audit, to: &$0) }
            line.element("td", text: layout.percent(row.runs.successRate))
            for value in [row.runs.duration?.averageMilliseconds, row.runs.duration?.percentile95Milliseconds] {
              line.element(
                "td", text: value.map { language.duration(milliseconds: $0) } ?? language.text(.notKnown))
            }
            line.element("td") { cell in writeCost(row.costs, to: &cell) }
          }
        }
        if let unknown { writeUnknown(unknown, to: &body) }
      }
    }
    writeMore(rows.count, to: &section)
  }

  private func writeUnknown(_ figures: EventFigures, to body: inout HTMLWriter) {
    body.element("tr") { line in
      line.element("th", [.class("name"), .init("scope", "row")], text: language.text(.unknownName))
      for _ in 0..<4 { line.element("td", text: language.text(.notKnown)) }
      line.element("td") { cell in writeCost(figures, to: &cell) }
    }
  }

  private func writeModels(to section: inout HTMLWriter) {
    let costs = layout.page.costs
    section.element("h2", text: language.text(.byModel))
    guard !costs.models.isEmpty else {
      section.element("p", [.class("soft")], text: language.text(.noSpend))
      return
    }
    writeScrolling(.byModel, to: &section) { table in
      writeHeader(
        [.provider, .model], [.events, .promptTokens, .cachedPromptTokens, .completionTokens, .unpriced, .cost],
        to: &table)
      table.element("tbody") { body in
        for row in costs.models.prefix(Self.rowLimit) {
          body.element("tr") { line in
            line.element("td", [.class("name")]) { $0.name(row.provider.rawValue, limit: 48) }
            line.element("th", [.class("name"), .init("scope", "row")]) { $0.name(row.model.rawValue, limit: 64) }
            writeCells(row.figures, to: &line)
          }
        }
      }
      table.element("tfoot") { foot in
        foot.element("tr") { line in
          line.element(
            "th", [.class("name"), .init("scope", "row"), .init("colspan", "2")], text: language.text(.total))
          writeCells(costs.total, to: &line)
        }
      }
    }
    writeMore(costs.models.count, to: &section)
  }

  private func writeCells(_ figures: EventFigures, to line: inout HTMLWriter) {
    line.element("td") { layout.writeFigure(layout.count(figures.events), figures.events.audit, to: &$0) }
    for tokens in [figures.promptTokens, figures.cachedPromptTokens, figures.completionTokens] {
      line.element("td", text: language.number(tokens))
    }
    line.element("td") { layout.writeFigure(layout.count(figures.unpriced), figures.unpriced.audit, to: &$0) }
    line.element("td") { cell in writeCost(figures, to: &cell) }
  }

  private func writeCost(_ figures: EventFigures?, to cell: inout HTMLWriter) {
    guard let figures, figures.events.value > 0 else { return cell.text(language.text(.notKnown)) }
    // Without a price there is no cost, which is not the same as none.
    let text =
      figures.unpriced.value == figures.events.value ? language.text(.notPriced) : language.cost(figures.costUSD)
    layout.writeFigure(text, figures.events.audit, to: &cell)
  }

  private func writeHeader(_ names: [Phrase], _ values: [Phrase], to table: inout HTMLWriter) {
    table.element("thead") { head in
      head.element("tr") { row in
        for name in names {
          row.element("th", [.class("name"), .init("scope", "col")], text: language.text(name))
        }
        for value in values { row.element("th", [.init("scope", "col")], text: language.text(value)) }
      }
    }
  }

  private func writeScrolling(
    _ title: Phrase, to section: inout HTMLWriter, _ content: (inout HTMLWriter) -> Void
  ) {
    // A region that scrolls has to be reachable by the keyboard (WCAG 2.2, 2.1.1).
    section.element(
      "div",
      [
        .class("scroll"), .init("role", "region"), .init("tabindex", "0"), .init("aria-label", language.text(title)),
      ]
    ) { region in
      region.element("table", [], content)
    }
  }

  private func writeMore(_ count: Int, to section: inout HTMLWriter) {
    guard count > Self.rowLimit else { return }
    section.element(
      "p", [.class("soft")],
      text: language.text(.moreRows, language.number(Self.rowLimit), language.number(count)))
  }
}
