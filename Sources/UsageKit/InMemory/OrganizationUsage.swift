internal import SaaSCore

/// One organisation's tables in the in-memory store: storage and how its parts are found.
///
/// What is before the horizon is not there, whether its row was deleted yet or not.
struct OrganizationUsage {
  let secret: TextHashSecret
  var revision: Int64 = 0
  var horizon: Timestamp?
  /// The call that took the present revision, so that one call takes one.
  private var lastCall: UInt64 = 0

  // Events: a row and its identifier share a number.
  var eventIDs = ChunkedArray<EventID>()
  var eventRows = ChunkedArray<EventRow>()
  var eventIndex = RowIndex()
  var freeEvents: [Int32] = []
  /// The rows that are not in their days yet, in the order in which they came. A row that can be found is either here or
  /// in its day, and none here lies before the horizon, which moves only while there are none.
  var ungrouped: [Int32] = []

  // A run's slot and head share a place.
  var runs: [RunSlot] = []
  var runHeads: [RunHead] = []
  var runIndex = RowIndex()
  var freeRuns: [Int32] = []
  private var lastRun = -1

  var users: NameTable<UserID>
  var workflows: NameTable<WorkflowName>
  var models: ModelTable
  var steps: NameTable<StepID>
  var tiers: NameTable<ServiceTier>
  var rates: NameTable<RateID>

  var days: [UsageDay] = []
  /// The places of ``days``, in the order of their days.
  private(set) var dayOrder: [Int] = []
  private var dayPlaces: [Int: Int] = [:]
  /// The start of the day that was found last, in microseconds, and its place.
  private var lastDay: (start: Int64, place: Int) = (.max, 0)

  /// What was read ahead: kept so that reading it is not left out.
  var lastReadAhead: UInt64 = 0

  var ledger: [LedgerRow] = []
  var staleDays: Set<UTCDay> = []

  init(secret: TextHashSecret) {
    self.secret = secret
    users = NameTable(secret: secret)
    workflows = NameTable(secret: secret)
    models = ModelTable(secret: secret)
    steps = NameTable(secret: secret)
    tiers = NameTable(secret: secret)
    rates = NameTable(secret: secret)
  }

  /// The revision that a change stamps: the next one for the first change of a call.
  @inline(__always)
  mutating func revision(ofCall call: UInt64) -> Int64 {
    if lastCall != call {
      lastCall = call
      revision &+= 1
    }
    return revision
  }

  // MARK: Finding

  /// The row of an event that is there, before the horizon or not.
  @inline(__always)
  func eventRow(_ id: EventID, hash: UInt64) -> Int? {
    eventIndex.row(hash: hash) { eventIDs[$0].text == id.text }
  }

  /// Whether an instant is not before the horizon.
  func isKept(_ instant: Timestamp) -> Bool { horizon.map { instant >= $0 } ?? true }

  /// The place of a run, or nil where neither it nor an event of it is there.
  @inline(__always)
  mutating func runPlace(_ id: RunID) -> Int? {
    if lastRun >= 0, lastRun < runs.count, runs[lastRun].id.text == id.text { return lastRun }
    guard let place = runIndex.row(hash: secret.hash(id.text), where: { runs[$0].id.text == id.text }) else {
      return nil
    }
    lastRun = place
    return place
  }

  /// The place of a run, made where there is none.
  @inline(__always)
  mutating func runPlaceMade(_ id: RunID) -> Int { runPlace(id) ?? runPlaceAdded(id) }

  private mutating func runPlaceAdded(_ id: RunID) -> Int {
    let place: Int
    if let free = freeRuns.popLast() {
      place = Int(free)
      runs[place] = RunSlot(id)
      runHeads[place] = RunHead()
    } else {
      place = runs.count
      runs.append(RunSlot(id))
      runHeads.append(RunHead())
    }
    runIndex.insert(place, hash: secret.hash(id.text))
    lastRun = place
    return place
  }

  /// The run at a place, or nil where it has not arrived or lies before the horizon.
  func keptRun(_ place: Int) -> Run? {
    guard let run = runs[place].run, isKept(run.startedAt) else { return nil }
    return run
  }

  /// Gives a run's place back where nothing needs it any more.
  mutating func releaseRun(_ place: Int) {
    guard runHeads[place].startedAt == nil, runHeads[place].eventCount == 0 else { return }
    runIndex.remove(place, hash: secret.hash(runs[place].id.text))
    if lastRun == place { lastRun = -1 }
    freeRuns.append(Int32(truncatingIfNeeded: place))
  }

  // MARK: Days

  /// The place of the day that holds an instant, made where there is none.
  @inline(__always)
  mutating func dayPlace(of instant: Timestamp) -> Int {
    // Only an instant from that start on, and less than a day after it, is so little ahead of it.
    if UInt64(bitPattern: instant.microseconds &- lastDay.start) < 86_400_000_000 { return lastDay.place }
    let day = UTCDay(containing: instant)
    let place = dayPlaces[day.daysSince1970] ?? dayAdded(day)
    lastDay = (day.start.microseconds, place)
    return place
  }

  private mutating func dayAdded(_ day: UTCDay) -> Int {
    let place = days.count
    days.append(UsageDay(day))
    dayPlaces[day.daysSince1970] = place
    dayOrder.insert(place, at: dayOrder.partitioningIndex { days[$0].day > day })
    return place
  }

  /// The places of the days that there are from a day up to another, in order; none where that is not after the first.
  func dayPlaces(from day: UTCDay, upTo end: UTCDay) -> ArraySlice<Int> {
    let first = dayOrder.partitioningIndex { days[$0].day >= day }
    let last = dayOrder.partitioningIndex { days[$0].day >= end }
    return dayOrder[first..<max(first, last)]
  }

  /// The places of the days that there are before an instant at a day's start, in order.
  func dayPlaces(before instant: Timestamp) -> ArraySlice<Int> {
    dayOrder[..<dayOrder.partitioningIndex { days[$0].day.start >= instant }]
  }

  /// The places of the days that a period touches, in order.
  func dayPlaces(touching period: Period) -> ArraySlice<Int> {
    let first = UTCDay(containing: period.start)
    let last = dayOrder.partitioningIndex { days[$0].day.start >= period.end }
    let start = dayOrder.partitioningIndex { days[$0].day >= first }
    return dayOrder[start..<max(start, last)]
  }

  /// The place of a day, or nil where nothing ever happened on it.
  func dayPlace(_ day: UTCDay) -> Int? { dayPlaces[day.daysSince1970] }

  @inline(__always)
  mutating func markStale(_ place: Int) {
    guard !days[place].isStale else { return }
    days[place].isStale = true
    staleDays.insert(days[place].day)
  }
}
