public import SaaSCore

/// The days of which a report speaks.
public enum ReportWindow: Sendable, Hashable {
  /// The seven UTC days that end with today.
  case last7Days
  /// The thirty UTC days that end with today.
  case last30Days
  /// The ninety UTC days that end with today.
  case last90Days
  /// Any days, up to ``maximumDayCount`` of them.
  case days(DayWindow)

  /// The most days that one report may have: three years.
  public static let maximumDayCount = 1_096

  /// The days at an instant.
  /// - Throws: ``ReportError/windowTooLong(dayCount:)``
  public func days(at now: Timestamp) throws(ReportError) -> DayWindow {
    switch self {
    case .last7Days: return DayWindow(lastDays: 7, at: now)
    case .last30Days: return DayWindow(lastDays: 30, at: now)
    case .last90Days: return DayWindow(lastDays: 90, at: now)
    case .days(let window):
      guard window.count <= Self.maximumDayCount else { throw .windowTooLong(dayCount: window.count) }
      return window
    }
  }

  /// The last 7, 30 or 90 days, or nil for another number.
  public init?(lastDays count: Int) {
    switch count {
    case 7: self = .last7Days
    case 30: self = .last30Days
    case 90: self = .last90Days
    default: return nil
    }
  }
}

/// A window as a report states it.
public struct ReportedWindow: Sendable, Hashable, Codable {
  /// The first day, as ISO 8601 has it.
  public let firstDay: ReportedDay
  /// The last day, which belongs to the window.
  public let lastDay: ReportedDay
  /// How many days there are.
  public let dayCount: Int
  /// Whether the last day was not over when the report was made.
  public let isPartial: Bool

  init(_ window: DayWindow, at now: Timestamp) {
    firstDay = ReportedDay(window.first)
    lastDay = ReportedDay(window.last)
    dayCount = window.count
    isPartial = window.isPartial(at: now)
  }
}

/// A UTC day, written `2026-05-01`.
public struct ReportedDay: Sendable, Hashable, Codable {
  /// The day.
  public let day: UTCDay

  init(_ day: UTCDay) { self.day = day }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let start = try? Timestamp(iso8601: text + "T00:00:00Z") else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a day: \(text)")
    }
    day = UTCDay(containing: start)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(day.description)
  }
}
