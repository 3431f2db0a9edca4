internal import SaaSCore

/// One organisation's day: its groups, and which rows lie in it.
struct UsageDay {
  let day: UTCDay
  var group = UsageGroup()
  var hours = [UsageSums](repeating: UsageSums(), count: 24)
  var users = GroupTable<UsageGroup>()
  var workflows = GroupTable<UsageGroup>()
  var models = GroupTable<EventSums>()
  var events = DayRows()
  var runs = DayRows()
  /// The revision at which a row in it last changed after it was inserted.
  var lastChange: Int64 = 0
  var isStale = false

  init(_ day: UTCDay) { self.day = day }

  /// The place among ``hours`` of an instant of this day.
  static func hour(of instant: Timestamp) -> Int {
    let hour = UTCHour(containing: instant).hoursSince1970 % 24
    return hour < 0 ? hour + 24 : hour
  }

  /// Adds events of this day to their groups, and their rows by number.
  ///
  /// One loop for each kind of group: their memory is not near, and reads that follow each other closely wait together.
  /// - Parameters:
  ///   - bursts: room, which is kept from one day to the next.
  ///   - modelCount: how many models the organisation has.
  mutating func add(
    _ numbers: Span<Int32>, of rows: ChunkedArray<EventRow>, by bursts: inout [EventBurst], modelCount: Int
  ) {
    bursts.removeAll(keepingCapacity: true)
    models.reserveCapacity(min(modelCount, numbers.count))
    for index in numbers.indices {
      let row = rows[Int(numbers[index])]
      let hour = Self.hour(of: row.createdAt)
      if bursts.last?.takes(row, hour: hour) != true { bursts.append(EventBurst(hour: hour, of: row)) }
      bursts[bursts.count &- 1].sums.add(row)
    }
    for burst in bursts {
      group.sums.events += burst.sums
      hours[burst.hour].events += burst.sums
    }
    for burst in bursts { users[burst.user].sums.events += burst.sums }
    for burst in bursts { workflows[burst.workflow].sums.events += burst.sums }
    for index in numbers.indices {
      let row = rows[Int(numbers[index])]
      models[row.model].add(row)
    }
    events.append(numbers)
  }

  /// Adds a change of one event to all groups but those of attribution.
  mutating func add(_ sums: EventSums, model: Int32, hour: Int) {
    models[model] += sums
    group.sums.events += sums
    hours[hour].events += sums
  }

  /// Adds a change of events to a user's and a workflow's group.
  @inline(__always)
  mutating func attribute(_ sums: EventSums, user: Int32, workflow: Int32) {
    users[user].sums.events += sums
    workflows[workflow].sums.events += sums
  }
}

/// The numbers of a day's rows, put in order when somebody reads them.
struct DayRows {
  private(set) var rows: [Int32] = []
  private var sortedCount = 0

  mutating func append(_ row: Int32) {
    // Where there is a second one there are mostly many more.
    if rows.count == 1 { rows.reserveCapacity(32) }
    rows.append(row)
  }

  mutating func append(_ numbers: Span<Int32>) {
    let count = rows.count + numbers.count
    // At least twice the room, as an array that grows takes.
    if count > rows.capacity { rows.reserveCapacity(max(count, 2 * rows.count)) }
    for index in numbers.indices { rows.append(numbers[index]) }
  }

  mutating func popLast() -> Int32? {
    let last = rows.popLast()
    sortedCount = min(sortedCount, rows.count)
    return last
  }

  /// Puts the rows in order; does nothing where none was added since.
  /// - Complexity: O(*a* log *a* + *n*) for *a* rows added since among *n*
  mutating func sort(by precedes: (Int32, Int32) -> Bool) {
    guard sortedCount < rows.count else { return }
    var added = Array(rows[sortedCount...])
    added.sort(by: precedes)
    if sortedCount == 0 {
      rows = added
    } else {
      rows = Self.merged(rows[..<sortedCount], added, precedes)
    }
    sortedCount = rows.count
  }

  private static func merged(_ left: ArraySlice<Int32>, _ right: [Int32], _ precedes: (Int32, Int32) -> Bool) -> [Int32]
  {
    var result: [Int32] = []
    result.reserveCapacity(left.count + right.count)
    var (first, second) = (left.startIndex, right.startIndex)
    while first < left.endIndex, second < right.endIndex {
      if precedes(right[second], left[first]) {
        result.append(right[second])
        second += 1
      } else {
        result.append(left[first])
        first += 1
      }
    }
    result.append(contentsOf: left[first...])
    result.append(contentsOf: right[second...])
    return result
  }
}
