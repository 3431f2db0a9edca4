internal import SaaSCore
internal import UsageKit

/// What the rows of a ledger say of the billed parts of a period.
struct LedgerShare: Sendable {
  /// What the rows say that lie wholly within the parts, the sealed ones what they were sealed with.
  private(set) var sums = UsageSums()
  /// What the parts have of rows that reach beyond them, in order: a price came or went within the row, or periods were
  /// known otherwise when it was sealed.
  private(set) var rest: [Period] = []

  /// - Parameter rows: all rows that overlap the parts, which cover them.
  init(of rows: [LedgerRow], within parts: [Period]) {
    for row in rows {
      for part in parts {
        let (start, end) = (max(row.period.start, part.start), min(row.period.end, part.end))
        guard let common = Period(start: start, end: end) else { continue }
        if common == row.period { sums += row.sums } else { rest.append(common) }
      }
    }
  }
}

extension Period {
  /// The whole hours of the period, of which sums are never deleted; nil where it has none.
  var wholeHours: Period? {
    let hour: Int64 = 3_600_000_000
    let (first, into) = start.microseconds.flooredDivision(by: hour)
    let last = end.microseconds.flooredDivision(by: hour).quotient
    let (from, isTooLate) = (into == 0 ? first : first + 1).multipliedReportingOverflow(by: hour)
    let (upTo, isTooEarly) = last.multipliedReportingOverflow(by: hour)
    if isTooLate || isTooEarly { return nil }
    return Period(start: Timestamp(microseconds: from), end: Timestamp(microseconds: upTo))
  }
}
