internal import SaaSCore

/// The page's frame: head, header, sections in order, footer.
struct PageLayout {
  let page: DashboardPage
  let options: PageOptions

  var language: PageLanguage { options.language }

  func write(to html: inout HTMLWriter) {
    html.element(
      "html", [.init("lang", language.tag), .init("dir", language.isRightToLeft ? "rtl" : "ltr")]
    ) { html in
      html.element("head") { head in writeHead(to: &head) }
      html.element("body") { body in
        body.element("a", [.class("skip"), .href("#figures")], text: language.text(.skipToContent))
        body.element("header") { header in writeHeader(to: &header) }
        body.element("main", [.id("figures")]) { main in writeSections(to: &main) }
        body.element("footer") { footer in
          footer.element("p", text: language.text(.asOf, language.instant(page.usage.madeAt)))
        }
      }
    }
  }

  private func writeHead(to head: inout HTMLWriter) {
    head.void("meta", [.init("charset", "utf-8")])
    head.void("meta", [.init("name", "viewport"), .init("content", "width=device-width, initial-scale=1")])
    head.void("meta", [.init("name", "referrer"), .init("content", "same-origin")])
    head.element("title", text: language.text(.title, HTMLWriter.clipped(options.organizationName)))
    head.element("style") { $0.raw(Stylesheet.text) }
  }

  private func writeHeader(to header: inout HTMLWriter) {
    header.element("h1") { heading in
      // The name alone is isolated; the words around it belong to the page.
      let parts = language.text(.title, "\u{0}").split(separator: "\u{0}", omittingEmptySubsequences: false)
      heading.text(String(parts.first ?? ""))
      heading.name(options.organizationName)
      heading.text(String(parts.dropFirst().first ?? ""))
    }
    let window = page.usage.window
    header.element("p", [.class("soft")]) { line in
      line.element(
        "span",
        text: language.text(.windowTitle, language.date(window.firstDay.day), language.date(window.lastDay.day)))
      guard window.isPartial else { return }
      line.element("span", text: language.text(.partialDay, language.date(window.lastDay.day)))
    }
    header.element("nav", [.init("aria-label", language.text(.windowNavigation))]) { nav in
      nav.element("ul") { list in
        for count in [7, 30, 90] { writeWindowLink(count, to: &list) }
      }
    }
  }

  private func writeWindowLink(_ count: Int, to list: inout HTMLWriter) {
    let text = language.text(.lastDays, language.number(count))
    let isCurrent = page.usage.window.dayCount == count
    list.element("li") { item in
      guard let link = LinkTarget.checked(options.windowLink(count)) else { return item.text(text) }
      item.element("a", [.href(link)] + (isCurrent ? [.init("aria-current", "page")] : []), text: text)
    }
  }

  private func writeSections(to main: inout HTMLWriter) {
    WarningsPart(layout: self).write(to: &main)
    if isFirstDay { writeNotice(.firstDay, .firstDayHint, to: &main) }
    TilesPart(layout: self).write(to: &main)
    if page.usage.total.runs.value == 0, page.costs.total.events.value == 0 {
      writeNotice(.emptyUsage, .emptyUsageHint, to: &main)
    } else {
      ChartsPart(layout: self).write(to: &main)
      TablesPart(layout: self).write(to: &main)
    }
    if let billing = page.billing { BillingPart(layout: self, billing: billing).write(to: &main) }
    DomainsPart(layout: self).write(to: &main)
  }

  private func writeNotice(_ title: Phrase, _ hint: Phrase, to main: inout HTMLWriter) {
    main.element("section") { section in
      section.element("h2", text: language.text(title))
      section.element("p", [.class("soft")], text: language.text(hint))
    }
  }

  /// Whether there is something on the window's last day, and nothing before it.
  private var isFirstDay: Bool {
    let (usage, costs) = (page.usage, page.costs)
    let hasBefore =
      usage.before.runs.value > 0 || costs.before.events.value > 0
      || usage.days.dropLast().contains { $0.figures.runs.value > 0 }
      || costs.days.dropLast().contains { $0.figures.events.value > 0 }
    return !hasBefore && usage.window.isPartial && (usage.total.runs.value > 0 || costs.total.events.value > 0)
  }

  /// A figure, with a link to its rows where the host application has such a page.
  func writeFigure(_ text: String, _ audit: AuditQuery, to html: inout HTMLWriter) {
    guard let link = options.auditLink.flatMap({ LinkTarget.checked($0(audit)) }) else { return html.text(text) }
    html.element("a", [.href(link)], text: text)
  }

  func count(_ count: Count) -> String { language.number(count.value) }

  /// A ratio in percent with one decimal, cut so that less than all is never shown as all.
  func percent(_ ratio: Ratio?) -> String {
    guard let ratio else { return language.text(.notKnown) }
    let tenths = Int64(clamping: Int128(ratio.part) * 1_000 / Int128(ratio.whole))
    return language.text(.percent, language.number(decimal: "\(tenths / 10).\(tenths % 10)"))
  }
}
