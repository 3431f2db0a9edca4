/// Everything that the page says, each once; ``PageLanguage`` has the words.
public enum Phrase: String, Sendable, Hashable, CaseIterable {
  // Page
  case title, windowTitle, asOf, windowNavigation, lastDays, partialDay, skipToContent, noComparison
  // Tiles
  case summary, runs, successRate, averageDuration, medianAndNinetyFifth, artifactRate, spend, plan
  case previousWindow, ofFinishedRuns, noFinishedRuns
  // Charts
  case dailyRuns, dailyRunsSummary, dailySpend, dailySpendSummary, chartDay, chartDaySpend, asTable, day,
    succeededLegend
  case otherRunsLegend
  // Tables
  case byUser, byWorkflow, byModel, user, workflow, provider, model
  case events, promptTokens, cachedPromptTokens, completionTokens, cost, unpriced
  case averageShort, ninetyFifthShort, unknownName, total, notPriced, moreRows
  // Billing
  case billing, planSource, sourceSubscription, sourceGrant, sourceFree, status, nextInvoice, noInvoice, periodEnds
  case seats, limitUsed, limitResets, blocksAtCap, warnsAtCap, managePlan, metricRuns
  case metricTokens, metricCost
  case statusNone, statusActive, statusTrialing, statusPastDue, statusCanceled, statusIncomplete, statusUnpaid
  case statusPaused, statusOther
  // Warnings
  case warnings, warningNear, warningReached, warningPastDue, warningUnresolvedPrice, warningDuplicate
  case warningUnbilled, warningUnpriced, warningPartlyUnpriced, warningCanceling, warningDomain, warningTrialEnding
  case warningUnsettled, warningUnknownStatus, warningCustomerDeleted
  // Domains
  case domains, domain, domainState, statePending, stateVerified, stateActive
  case stateError, stateRemoving
  case failureClaimedElsewhere, failureExpired, failureOwnershipLost, failureNotConfigured, failureRefused
  // Empty states
  case emptyUsage, emptyUsageHint, emptyDomains, firstDay, firstDayHint, noSpend
  // Formats
  case labelled, listSeparator, dollars, instant, milliseconds, seconds, minutes, hours, percent, notKnown
}
