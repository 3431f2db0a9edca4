public import SaaSCore

/// Why there is no report. Nothing was changed, and for a refusal nothing was read.
public enum ReportError: Error, Sendable, Hashable {
  /// The member may not see it.
  case refused(AccessRefusal)
  /// The window has more days than ``ReportWindow/maximumDayCount``.
  case windowTooLong(dayCount: Int)
  /// The cursor was not made for this organisation and query.
  case invalidCursor
  /// The rows before this instant were deleted, so that the query's can no longer be listed.
  case deletedBefore(Timestamp)
  /// A store failed.
  case store(StoreError)
}
