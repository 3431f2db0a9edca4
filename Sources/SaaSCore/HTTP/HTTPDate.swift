extension Timestamp {
  /// Reads an HTTP date (RFC 9110 §5.6.7) in any of its three forms, or gives nil for anything else.
  ///
  /// ```
  /// Sun, 06 Nov 1994 08:49:37 GMT
  /// Sunday, 06-Nov-94 08:49:37 GMT
  /// Sun Nov  6 08:49:37 1994
  /// ```
  /// The day's name is not compared with the date. A year of two digits is the one nearest to `now` that is not more than
  /// 50 years ahead of it, as the RFC says.
  public init?(httpDate text: String, at now: Timestamp) {
    let parts = text.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
    let day: String
    let month: String
    let year: String
    let time: String
    switch parts.count {
    case 6:
      guard parts[5] == "GMT", Self.isDayName(parts[0], in: Self.shortDays, suffix: ","), parts[1].utf8.count == 2,
        parts[3].utf8.count == 4
      else { return nil }
      (day, month, year, time) = (parts[1], parts[2], parts[3], parts[4])
    case 4:
      let date = parts[1].split(separator: "-", omittingEmptySubsequences: false).map(String.init)
      guard parts[3] == "GMT", Self.isDayName(parts[0], in: Self.longDays, suffix: ","), date.count == 3,
        date[0].utf8.count == 2, date[2].utf8.count == 2
      else { return nil }
      (day, month, year, time) = (date[0], date[1], date[2], parts[2])
    case 5:
      guard Self.isDayName(parts[0], in: Self.shortDays, suffix: ""), parts[4].utf8.count == 4 else { return nil }
      (day, month, year, time) = (parts[2], parts[1], parts[4], parts[3])
    default: return nil
    }
    let clock = time.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard let monthIndex = Self.months.firstIndex(of: month), clock.count == 3,
      clock.allSatisfy({ $0.utf8.count == 2 }), let dayNumber = Self.digits(day), var yearNumber = Self.digits(year),
      let hour = Self.digits(clock[0]), let minute = Self.digits(clock[1]), let second = Self.digits(clock[2]),
      hour < 24, minute < 60, second <= 60
    else { return nil }
    if year.utf8.count == 2 {
      let thisYear = Self.year(of: now)
      yearNumber += thisYear - thisYear % 100
      if yearNumber > thisYear + 50 { yearNumber -= 100 }
    }
    guard let date = CivilDate(year: yearNumber, month: monthIndex + 1, day: dayNumber) else { return nil }
    // A leap second, which HTTP allows and POSIX time lacks, becomes the second after it.
    let seconds = date.daysSince1970 * 86_400 + hour * 3_600 + minute * 60 + second
    self.init(seconds: Int64(seconds))
  }

  private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
  private static let shortDays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
  private static let longDays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

  private static func isDayName(_ text: String, in names: [String], suffix: String) -> Bool {
    names.contains { $0 + suffix == text }
  }

  /// The number that one to four digits make, or nil.
  private static func digits(_ text: String) -> Int? {
    guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }

  private static func year(of instant: Timestamp) -> Int {
    CivilDate(daysSince1970: UTCDay(containing: instant).daysSince1970).year
  }
}
