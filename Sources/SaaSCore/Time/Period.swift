/// A half-open span of time, `[start, end)`: an event at `end` belongs to the period after.
public struct Period: Sendable, Hashable, Codable {
  /// The first instant of the period.
  public let start: Timestamp
  /// The first instant after the period.
  public let end: Timestamp

  /// The period between two instants, or nil where it would not hold one instant.
  public init?(start: Timestamp, end: Timestamp) {
    guard start < end else { return nil }
    self.start = start
    self.end = end
  }

  /// The period between two instants of which the caller knows that the first is earlier.
  package init(ordered start: Timestamp, _ end: Timestamp) {
    self.start = start
    self.end = end
  }

  /// Whether an instant lies in the period.
  public func contains(_ instant: Timestamp) -> Bool { start <= instant && instant < end }

  /// Whether some instant lies in both periods.
  package func overlaps(_ other: Period) -> Bool { start < other.end && other.start < end }

  private enum CodingKeys: String, CodingKey { case start, end }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let start = try container.decode(Timestamp.self, forKey: .start)
    let end = try container.decode(Timestamp.self, forKey: .end)
    guard let period = Period(start: start, end: end) else {
      throw DecodingError.dataCorruptedError(forKey: .end, in: container, debugDescription: "end is not after start")
    }
    self = period
  }
}
