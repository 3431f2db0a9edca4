internal import SaaSCore

/// The summary in tiles.
struct TilesPart {
  let layout: PageLayout

  private var language: PageLanguage { layout.language }

  private struct Tile {
    let label: Phrase
    let value: String
    let audit: AuditQuery?
    let note: String
  }

  func write(to main: inout HTMLWriter) {
    main.element("section", [.class("tiles"), .init("aria-label", language.text(.summary))]) { section in
      section.element("h2", text: language.text(.summary))
      for tile in tiles { write(tile, to: &section) }
    }
  }

  private func write(_ tile: Tile, to section: inout HTMLWriter) {
    section.element("div") { div in
      div.element("dl") { list in
        list.element("dt", text: language.text(tile.label))
        list.element("dd", [.class("value")]) { value in
          guard let audit = tile.audit, tile.value != language.text(.notKnown) else {
            return value.name(tile.value, limit: 32)
          }
          layout.writeFigure(tile.value, audit, to: &value)
        }
        list.element("dd", [.class("note")], text: tile.note)
      }
    }
  }

  private var tiles: [Tile] {
    let usage = layout.page.usage
    let costs = layout.page.costs
    let (total, before) = (usage.total, usage.before)
    let hasBefore = before.runs.value > 0 || costs.before.events.value > 0
    func comparison(_ text: String) -> String {
      hasBefore ? language.text(.previousWindow, text) : language.text(.noComparison)
    }
    var tiles = [
      Tile(
        label: .runs, value: layout.count(total.runs), audit: total.runs.audit,
        note: comparison(layout.count(before.runs))),
      Tile(
        label: .successRate, value: layout.percent(total.successRate), audit: total.finished.audit,
        note: ofFinished(total.succeeded, total.finished)),
      Tile(
        label: .averageDuration,
        value: total.duration.map { language.duration(milliseconds: $0.averageMilliseconds) }
          ?? language.text(.notKnown), audit: total.finished.audit, note: durationNote(total.duration)),
      Tile(
        label: .artifactRate, value: layout.percent(total.artifactRate), audit: total.withArtifacts.audit,
        note: ofFinished(total.withArtifacts, total.finished)),
      Tile(
        label: .spend, value: language.cost(costs.total.costUSD), audit: costs.total.events.audit,
        note: comparison(language.cost(costs.before.costUSD))),
    ]
    if let billing = layout.page.billing {
      let words = BillingWords(language)
      tiles.append(
        Tile(
          label: .plan, value: billing.planName, audit: nil,
          note: billing.status == nil ? words.source(billing.source) : words.status(of: billing)))
    }
    return tiles
  }

  private func ofFinished(_ part: Count, _ finished: Count) -> String {
    finished.value > 0
      ? language.text(.ofFinishedRuns, layout.count(part), layout.count(finished)) : language.text(.noFinishedRuns)
  }

  private func durationNote(_ duration: DurationFigures?) -> String {
    guard let duration else { return language.text(.noFinishedRuns) }
    return language.text(
      .medianAndNinetyFifth, language.duration(milliseconds: duration.medianMilliseconds),
      language.duration(milliseconds: duration.percentile95Milliseconds))
  }
}
