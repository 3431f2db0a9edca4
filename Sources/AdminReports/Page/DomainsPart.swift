internal import SaaSCore
internal import TenancyKit

/// The custom domains.
struct DomainsPart {
  let layout: PageLayout

  private var language: PageLanguage { layout.language }

  func write(to main: inout HTMLWriter) {
    let domains = layout.page.domains.domains
    main.element("section") { section in
      section.element("h2", text: language.text(.domains))
      guard !domains.isEmpty else {
        section.element("p", [.class("soft")], text: language.text(.emptyDomains))
        return
      }
      section.element("table") { table in
        table.element("thead") { head in
          head.element("tr") { row in
            row.element("th", [.class("name"), .init("scope", "col")], text: language.text(.domain))
            row.element("th", [.class("name"), .init("scope", "col")], text: language.text(.domainState))
          }
        }
        table.element("tbody") { body in
          for domain in domains {
            body.element("tr") { row in
              row.element("th", [.class("name"), .init("scope", "row")]) { $0.name(domain.host.rawValue) }
              row.element("td", [.class("name")]) { write(domain.state, to: &$0) }
            }
          }
        }
      }
    }
  }

  private func write(_ state: DomainMapping.State, to cell: inout HTMLWriter) {
    let words = DomainWords(language)
    cell.element("span", [.class("state \(words.tone(of: state))")], text: words.name(of: state))
    if let failure = state.failure {
      cell.text(" ")
      cell.element("span", text: words.reason(failure))
    }
  }
}

/// How a domain's state is said.
struct DomainWords {
  private let language: PageLanguage

  init(_ language: PageLanguage) { self.language = language }

  func name(of state: DomainMapping.State) -> String {
    switch state {
    case .pending: language.text(.statePending)
    case .verified: language.text(.stateVerified)
    case .active: language.text(.stateActive)
    case .error: language.text(.stateError)
    case .removing: language.text(.stateRemoving)
    }
  }

  func tone(of state: DomainMapping.State) -> String {
    switch state {
    case .active: "good"
    case .pending, .verified, .removing: "warn"
    case .error: "bad"
    }
  }

  func reason(_ failure: DomainMapping.Failure) -> String {
    switch failure {
    case .claimedElsewhere: language.text(.failureClaimedElsewhere)
    case .expired: language.text(.failureExpired)
    case .ownershipLost: language.text(.failureOwnershipLost)
    case .notConfigured: language.text(.failureNotConfigured)
    case .refused(let code): language.text(.failureRefused, HTMLWriter.isolated(code))
    }
  }
}
