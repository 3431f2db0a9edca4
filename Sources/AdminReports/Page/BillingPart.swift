internal import BillingKit
internal import SaaSCore

/// The plan, its limits as bars with marks at 80% and 100%, and the way to the customer portal.
struct BillingPart {
  let layout: PageLayout
  let billing: BillingSection

  private var language: PageLanguage { layout.language }
  private var words: BillingWords { BillingWords(language) }

  /// The bars end a little past the cap, so that its mark is not their edge.
  private static let barEnd = 110.0

  func write(to main: inout HTMLWriter) {
    main.element("section") { section in
      section.element("h2", text: language.text(.billing))
      writeFacts(to: &section)
      for limit in billing.limits { write(limit, to: &section) }
      if billing.hasCustomer, let link = options.portalLink.flatMap(LinkTarget.checked) {
        section.element("p") { line in
          line.element("a", [.class("button"), .href(link)], text: language.text(.managePlan))
        }
      }
    }
  }

  private var options: PageOptions { layout.options }

  private func writeFacts(to section: inout HTMLWriter) {
    let facts: [(Phrase, String)] = [
      (.planSource, words.source(billing.source)), (.status, words.status(of: billing)),
      (.seats, language.number(billing.seats)),
      (.nextInvoice, billing.nextInvoiceAt.map(language.instant) ?? language.text(.noInvoice)),
      (
        .periodEnds,
        language.text(
          .windowTitle, language.instant(billing.period.start), language.instant(billing.period.end))
      ),
    ]
    section.element("dl", [.class("facts")]) { list in
      list.element("div") { pair in
        pair.element("dt", text: language.text(.plan))
        pair.element("dd") { $0.name(billing.planName, limit: 64) }
      }
      for (label, value) in facts {
        list.element("div") { pair in
          pair.element("dt", text: language.text(label))
          pair.element("dd", text: value)
        }
      }
    }
  }

  private func write(_ limit: LimitFigures, to section: inout HTMLWriter) {
    let name = words.metric(limit.metric)
    let used = words.amount(limit.used, of: limit.metric)
    let amounts = language.text(.limitUsed, used, words.amount(limit.cap, of: limit.metric))
    section.element("div", [.class("limit")]) { div in
      div.element("p") { line in
        line.element("strong", text: name)
        line.element("span") { layout.writeFigure(amounts, limit.audit, to: &$0) }
      }
      writeBar(limit, label: language.text(.labelled, name, amounts), to: &div)
      div.element("p", [.class("soft")]) { line in
        line.element(
          "span",
          text: language.text(
            .limitResets, language.instant(limit.period.start), language.instant(limit.period.end)))
        line.element(
          "span", text: language.text(limit.action == .block ? .blocksAtCap : .warnsAtCap))
      }
    }
  }

  private func writeBar(_ limit: LimitFigures, label: String, to div: inout HTMLWriter) {
    let percent = Double(min(max(limit.usedPercent, 0), 110))
    let tone = limit.usedPercent >= 100 ? "full" : limit.usedPercent >= 80 ? "near" : "fill"
    func place(_ percent: Double) -> String { ColumnChart.text(percent / Self.barEnd * 100) + "%" }
    div.element(
      "svg",
      [
        .class("bar"), .init("role", "img"), .init("aria-label", label), .init("width", "100%"),
        .init("height", "30"),
      ]
    ) { svg in
      svg.element(
        "rect", [.class("track"), .init("width", "100%"), .init("y", "3"), .init("height", "10"), .init("rx", "5")]
      ) { _ in }
      if percent > 0 {
        svg.element(
          "rect",
          [.class(tone), .init("width", place(percent)), .init("y", "3"), .init("height", "10"), .init("rx", "5")]
        ) { _ in }
      }
      for mark in [80.0, 100.0] {
        svg.element(
          "line",
          [.init("x1", place(mark)), .init("x2", place(mark)), .init("y1", "0"), .init("y2", "16")]
        ) { _ in }
        svg.element(
          "text", [.init("x", place(mark)), .init("y", "28"), .init("text-anchor", "middle")],
          text: language.text(.percent, language.number(Int(mark))))
      }
    }
  }
}
