internal import SaaSCore
internal import UsageKit

extension UsageReport {
  /// Every day of the window in order, an empty group where nothing was recorded.
  var zeroFilledDays: [Day] {
    let present = Dictionary(days.map { ($0.day, $0.group) }) { first, _ in first }
    return window.days.map { Day(day: $0, group: present[$0] ?? UsageGroup()) }
  }
}

extension UTCDay {
  /// The window of this day alone.
  var window: DayWindow { DayWindow(lastDays: 1, at: start) }

  /// Whether the day is not over at an instant.
  func isPartial(at instant: Timestamp) -> Bool { instant < advanced(by: 1).start }
}

extension DayWindow {
  /// The window's instants.
  var instants: Period {
    // At the end of all time a day has no next one; one microsecond then stands for it.
    period ?? Period(ordered: first.start, first.start + .microseconds(1))
  }
}
