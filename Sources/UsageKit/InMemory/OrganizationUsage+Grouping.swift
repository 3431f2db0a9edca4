internal import SaaSCore

extension OrganizationUsage {
  /// How many events wait before recording adds them to their days: few enough that nobody waits long for it.
  static var groupedAtOnce: Int { 1_024 }

  /// Adds the events that wait to their days: to the groups and the rows.
  ///
  /// Recording puts this off, because a day's groups are not near when an organisation's next event comes, and many
  /// events share them. The store calls it before every call that reads days; what changes an event that is there calls
  /// it itself.
  /// - Complexity: O(*e*) in the number of events that wait
  mutating func groupEvents() {
    guard !ungrouped.isEmpty else { return }
    // Taken out meanwhile, so that a day may look at a part of them while it is changed.
    var numbers: [Int32] = []
    swap(&numbers, &ungrouped)
    var bursts: [EventBurst] = []
    var next = 0
    while next < numbers.count {
      let first = next
      let place = dayPlace(of: eventRows[Int(numbers[first])].createdAt)
      next &+= 1
      while next < numbers.count, dayPlace(of: eventRows[Int(numbers[next])].createdAt) == place { next &+= 1 }
      days[place].add(numbers.span.extracting(first..<next), of: eventRows, by: &bursts, modelCount: models.count)
      markStale(place)
    }
    numbers.removeAll(keepingCapacity: true)
    swap(&numbers, &ungrouped)
  }
}
