internal import SaaSCore

extension OrganizationUsage {
  /// With how many events waiting ``settle()`` is called: few enough that nobody waits long for it.
  static var mostUnsettled: Int { 1_024 }

  /// Adds the events that came since to their days: to their groups and their rows.
  ///
  /// Recording puts this off, because a day's groups are not near when an organisation's next event comes, and many events
  /// share them. Whatever reads a day's events, or changes one of them, calls it first.
  /// - Complexity: O(*e*) in the number of events that came since, which recording bounds
  mutating func settle() {
    guard !unsettled.isEmpty else { return }
    var numbers: [Int32] = []
    swap(&numbers, &unsettled)
    var bursts: [EventBurst] = []
    var first = 0
    while first < numbers.count {
      let place = dayPlace(of: eventRows[Int(numbers[first])].createdAt)
      let (start, end) = (days[place].day.start, days[place].day.advanced(by: 1).start)
      var next = first &+ 1
      while next < numbers.count {
        let instant = eventRows[Int(numbers[next])].createdAt
        guard instant >= start, instant < end else { break }
        next &+= 1
      }
      days[place].add(numbers[first..<next], of: eventRows, by: &bursts)
      markStale(place)
      first = next
    }
    numbers.removeAll(keepingCapacity: true)
    swap(&numbers, &unsettled)
  }
}
