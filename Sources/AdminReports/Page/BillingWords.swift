internal import BillingKit
internal import SaaSCore

/// How billing is said.
struct BillingWords {
  let language: PageLanguage

  init(_ language: PageLanguage) { self.language = language }

  func status(of billing: BillingSection) -> String {
    switch billing.status {
    case nil: language.text(.statusNone)
    case .active: language.text(.statusActive)
    case .trialing: language.text(.statusTrialing)
    case .pastDue: language.text(.statusPastDue)
    case .canceled: language.text(.statusCanceled)
    case .incomplete, .incompleteExpired: language.text(.statusIncomplete)
    case .unpaid: language.text(.statusUnpaid)
    case .paused: language.text(.statusPaused)
    case .unknown(let text): language.text(.statusOther, HTMLWriter.isolated(text))
    }
  }

  func source(_ source: BillingSection.Source) -> String {
    switch source {
    case .subscription: language.text(.sourceSubscription)
    case .grant: language.text(.sourceGrant)
    case .none: language.text(.sourceFree)
    }
  }

  func metric(_ metric: LimitMetric) -> String {
    switch metric {
    case .runs: language.text(.metricRuns)
    case .tokens: language.text(.metricTokens)
    case .cost: language.text(.metricCost)
    }
  }

  /// An amount in the unit of a metric.
  func amount(_ decimal: String, of metric: LimitMetric?) -> String {
    guard metric == .cost, let sum = try? CostSum(decimal: decimal) else { return language.number(decimal: decimal) }
    return language.cost(sum)
  }

  func warning(_ warning: ReportWarning) -> String {
    let subject = warning.subjects.first ?? ""
    let metric = LimitMetric(rawValue: subject)
    let names = warning.subjects.map { HTMLWriter.isolated($0) }.joined(separator: language.text(.listSeparator))
    let instant = warning.at.map(language.instant) ?? language.text(.notKnown)
    func amount(_ text: String?) -> String { text.map { self.amount($0, of: metric) } ?? language.text(.notKnown) }
    return switch warning.kind {
    case .limitNear:
      language.text(
        .warningNear, metric.map(self.metric) ?? HTMLWriter.isolated(subject), amount(warning.amount),
        amount(warning.cap))
    case .limitReached:
      language.text(
        .warningReached, metric.map(self.metric) ?? HTMLWriter.isolated(subject), amount(warning.amount),
        amount(warning.cap))
    case .pastDue: language.text(.warningPastDue, instant)
    case .unresolvedPrice: language.text(.warningUnresolvedPrice, names)
    case .duplicateSubscription: language.text(.warningDuplicate, names)
    case .canceling: language.text(.warningCanceling, instant)
    case .trialEnding: language.text(.warningTrialEnding, instant)
    case .unsettled: language.text(.warningUnsettled, names)
    case .unknownStatus: language.text(.warningUnknownStatus, names)
    case .customerDeleted: language.text(.warningCustomerDeleted, names)
    case .unbilled:
      language.text(
        .warningUnbilled, amount(warning.amount), metric.map(self.metric) ?? HTMLWriter.isolated(subject),
        warning.period.map { language.instant($0.start) } ?? "", warning.period.map { language.instant($0.end) } ?? "")
    }
  }
}
