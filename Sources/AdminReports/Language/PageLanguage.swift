/// The language of a page: every text that it shows, and how it writes numbers and dates.
///
/// English is shipped as ``english``; a host application makes another one from a table of its own.
public struct PageLanguage: Sendable, Hashable {
  /// The language's tag, as BCP 47 has it: `en`, `pt-BR`.
  public let tag: String
  /// Whether the language is written from right to left.
  public let isRightToLeft: Bool
  /// How numbers are written.
  public let numbers: NumberStyle
  /// How dates are written.
  public let dates: DateStyle
  private let texts: [Phrase: String]

  /// A language with a text for every phrase.
  ///
  /// - Throws: ``MissingPhrases``, naming those without a text.
  public init(
    tag: String, isRightToLeft: Bool = false, numbers: NumberStyle, dates: DateStyle, texts: [Phrase: String]
  ) throws(MissingPhrases) {
    let missing = Phrase.allCases.filter { texts[$0] == nil }
    guard missing.isEmpty else { throw MissingPhrases(phrases: missing) }
    self.init(checked: texts, tag: tag, isRightToLeft: isRightToLeft, numbers: numbers, dates: dates)
  }

  init(checked texts: [Phrase: String], tag: String, isRightToLeft: Bool, numbers: NumberStyle, dates: DateStyle) {
    self.tag = tag
    self.isRightToLeft = isRightToLeft
    self.numbers = numbers
    self.dates = dates
    self.texts = texts
  }

  /// Phrases that a language has no text for.
  public struct MissingPhrases: Error, Sendable, Hashable {
    /// The phrases, in the order of their declaration.
    public let phrases: [Phrase]
  }

  /// The text of a phrase, with `{0}`, `{1}` … replaced by the values.
  public func text(_ phrase: Phrase, _ values: String...) -> String {
    let template = texts[phrase] ?? phrase.rawValue
    guard !values.isEmpty else { return template }
    var result = ""
    var rest = template[...]
    // One pass, so that a value that looks like a placeholder stays as it is.
    while let open = rest.firstIndex(of: "{") {
      result += rest[..<open]
      let after = rest[rest.index(after: open)...]
      guard let close = after.firstIndex(of: "}"), let place = Int(after[..<close]), values.indices.contains(place)
      else {
        result += "{"
        rest = after
        continue
      }
      result += values[place]
      rest = after[after.index(after: close)...]
    }
    return result + rest
  }

  /// How numbers are written.
  public struct NumberStyle: Sendable, Hashable {
    /// What stands between groups of three digits; may be empty.
    public let groupingSeparator: String
    /// What stands before the fraction.
    public let decimalSeparator: String

    /// Numbers with these separators.
    public init(groupingSeparator: String, decimalSeparator: String) {
      self.groupingSeparator = groupingSeparator
      self.decimalSeparator = decimalSeparator
    }
  }

  /// How dates are written.
  public struct DateStyle: Sendable, Hashable {
    /// The twelve months' short names, from January.
    public let months: [String]
    /// A date with `{0}` for the day, `{1}` for the month's name and `{2}` for the year.
    public let full: String
    /// A date within a year, with `{0}` for the day and `{1}` for the month's name.
    public let short: String

    /// Dates with these names and patterns; nil where there are not twelve months.
    public init?(months: [String], full: String, short: String) {
      guard months.count == 12 else { return nil }
      self.init(checkedMonths: months, full: full, short: short)
    }

    init(checkedMonths months: [String], full: String, short: String) {
      self.months = months
      self.full = full
      self.short = short
    }
  }
}
