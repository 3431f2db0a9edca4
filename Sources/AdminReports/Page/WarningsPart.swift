internal import SaaSCore
internal import TenancyKit

/// What needs attention, above everything else, the gravest first; nothing where nothing does.
struct WarningsPart {
  let layout: PageLayout

  private var language: PageLanguage { layout.language }

  func write(to main: inout HTMLWriter) {
    let warnings = warnings
    guard !warnings.isEmpty else { return }
    main.element("section", [.class("attention")]) { section in
      section.element("h2", text: language.text(.warnings))
      section.element("ul") { list in
        for warning in warnings {
          list.element("li", warning.isGrave ? [.class("bad")] : [], text: warning.text)
        }
      }
    }
  }

  private var warnings: [(text: String, isGrave: Bool)] {
    let words = BillingWords(language)
    var warnings = (layout.page.billing?.warnings ?? []).map { warning in
      (text: words.warning(warning), isGrave: warning.kind == .limitReached || warning.kind == .pastDue)
    }
    let costs = layout.page.costs.total
    if costs.unpriced.value > 0 {
      warnings.append((language.text(.warningUnpriced, layout.count(costs.unpriced)), false))
    }
    if costs.partlyUnpriced.value > 0 {
      warnings.append((language.text(.warningPartlyUnpriced, layout.count(costs.partlyUnpriced)), false))
    }
    for domain in layout.page.domains.domains {
      guard let failure = domain.state.failure else { continue }
      let reason = DomainWords(language).reason(failure)
      warnings.append((language.text(.warningDomain, HTMLWriter.isolated(domain.host.rawValue), reason), true))
    }
    return warnings.filter(\.isGrave) + warnings.filter { !$0.isGrave }
  }
}
