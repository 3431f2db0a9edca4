public import SaaSCore

/// One organisation's events as plain numbers beside each other, to be added up over any window: a tenth of the memory
/// of ``RecordedEvent``s, and several times as fast.
///
/// For whoever has the events themselves (an export, a copy of a store's pages) and asks many questions of them. A
/// ``UsageStore`` keeps the sums of each day and answers without reading events.
public struct UsageEventTable: Sendable {
  private var rows: [Row] = []
  private var users: NameTable<UserID>
  private var workflows: NameTable<WorkflowName>
  private var models: ModelTable

  /// A table without events.
  public init() {
    let secret = TextHashSecret()
    users = NameTable(secret: secret)
    workflows = NameTable(secret: secret)
    models = ModelTable(secret: secret)
  }

  /// How many events there are.
  public var count: Int { rows.count }

  /// Makes room for so many events.
  public mutating func reserveCapacity(_ count: Int) { rows.reserveCapacity(max(0, count)) }

  /// Adds an event with the user and workflow of its run; its identifiers and the size of its result are not kept.
  /// - Complexity: O(1) on average
  public mutating func append(
    _ event: UsageEvent, cost: EventCost, user: Attributed<UserID>, workflow: Attributed<WorkflowName>
  ) {
    rows.append(
      Row(
        createdAt: event.createdAt, durationMilliseconds: event.durationMilliseconds, picos: cost.amount?.picos ?? 0,
        promptTokens: UInt32(truncatingIfNeeded: event.tokens.prompt),
        cachedPromptTokens: UInt32(truncatingIfNeeded: event.tokens.cachedPrompt),
        cacheWritePromptTokens: UInt32(truncatingIfNeeded: event.tokens.cacheWritePrompt),
        completionTokens: UInt32(truncatingIfNeeded: event.tokens.completion),
        user: users.number(of: user.name), workflow: workflows.number(of: workflow.name),
        model: models.number(of: event.provider, event.model), pricing: cost.pricing))
  }

  /// Adds an event as a store's pages list it.
  /// - Complexity: O(1) on average
  public mutating func append(_ recorded: RecordedEvent) {
    append(recorded.event, cost: recorded.cost, user: recorded.user, workflow: recorded.workflow)
  }

  fileprivate struct Row {
    let createdAt: Timestamp
    let durationMilliseconds: Int64
    let picos: Int64
    // UsageBounds keeps tokens within 32 bits.
    let promptTokens: UInt32
    let cachedPromptTokens: UInt32
    let cacheWritePromptTokens: UInt32
    let completionTokens: UInt32
    let user: Int32
    let workflow: Int32
    let model: Int32
    let pricing: EventCost.Pricing
  }

  // MARK: Adding up

  /// The sums of some rows that came to be within a window; places that are no row's are left out.
  func groups(over window: DayWindow, in places: Range<Int>) -> Groups {
    var days = GroupTable<EventSums>()
    var ofUsers = Array(repeating: RowSums(), count: users.count + 1)
    var ofWorkflows = Array(repeating: RowSums(), count: workflows.count + 1)
    var ofModels = Array(repeating: RowSums(), count: models.count)
    add(places.clamped(to: rows.indices), over: window, to: &days, &ofUsers, &ofWorkflows, &ofModels)
    return Groups(days: days, users: ofUsers, workflows: ofWorkflows, models: ofModels)
  }

  private func add(
    _ places: Range<Int>, over window: DayWindow, to days: inout GroupTable<EventSums>, _ users: inout [RowSums],
    _ workflows: inout [RowSums], _ models: inout [RowSums]
  ) {
    var users = users.mutableSpan
    var workflows = workflows.mutableSpan
    var models = models.mutableSpan
    let rows = rows.span
    var day = DayPlace()
    var sums = RowSums()
    for place in places {
      let row = rows[place]
      if !day.holds(row.createdAt) {
        if let number = day.number { days[number] += sums.total }
        sums = RowSums()
        day = DayPlace(of: row.createdAt, in: window)
      }
      guard day.number != nil else { continue }
      let own = RowSums(row)
      sums += own
      users[Int(row.user) &+ 1] += own
      workflows[Int(row.workflow) &+ 1] += own
      models[Int(row.model)] += own
    }
    if let number = day.number { days[number] += sums.total }
  }

  /// What ``groups(over:in:)`` found, under the table's own numbers; those of users and workflows come one place later,
  /// after what is unknown.
  struct Groups {
    let days: GroupTable<EventSums>
    fileprivate let users: [RowSums]
    fileprivate let workflows: [RowSums]
    fileprivate let models: [RowSums]
  }

  /// Calls with the sums of each user that has some.
  func forEachUser(of groups: Groups, _ body: (Attributed<UserID>, EventSums) -> Void) {
    for (place, sums) in groups.users.enumerated() where sums.count > 0 {
      body(Attributed(users[Int32(truncatingIfNeeded: place - 1)]), sums.total)
    }
  }

  /// Calls with the sums of each workflow that has some.
  func forEachWorkflow(of groups: Groups, _ body: (Attributed<WorkflowName>, EventSums) -> Void) {
    for (place, sums) in groups.workflows.enumerated() where sums.count > 0 {
      body(Attributed(workflows[Int32(truncatingIfNeeded: place - 1)]), sums.total)
    }
  }

  /// Calls with the sums of each model that has some.
  func forEachModel(of groups: Groups, _ body: (ModelKey, EventSums) -> Void) {
    for (place, sums) in groups.models.enumerated() where sums.count > 0 {
      if let key = models[Int32(truncatingIfNeeded: place)] { body(key, sums.total) }
    }
  }

  /// ``EventSums`` while rows are added: eight numbers that are added at once, and the cost.
  fileprivate struct RowSums {
    private var numbers = SIMD8<Int64>()
    private var picos: Int128 = 0

    init() {}

    @inline(__always)
    init(_ row: Row) {
      numbers = SIMD8(
        1, row.pricing == .unpriced ? 1 : 0, row.pricing == .partlyPriced ? 1 : 0, Int64(row.promptTokens),
        Int64(row.cachedPromptTokens), Int64(row.cacheWritePromptTokens), Int64(row.completionTokens),
        row.durationMilliseconds)
      picos = Int128(row.picos)
    }

    var count: Int64 { numbers[0] }

    @inline(__always)
    static func += (left: inout RowSums, right: RowSums) {
      left.numbers &+= right.numbers
      // An Array holds fewer events than it takes to leave 128 bits.
      left.picos &+= right.picos
    }

    var total: EventSums {
      var sums = EventSums()
      (sums.count, sums.unpriced, sums.partlyUnpriced) = (numbers[0], numbers[1], numbers[2])
      (sums.promptTokens, sums.cachedPromptTokens, sums.cacheWritePromptTokens) = (numbers[3], numbers[4], numbers[5])
      (sums.completionTokens, sums.durationMilliseconds) = (numbers[6], numbers[7])
      sums.cost = CostSum(totalPicos: picos)
      return sums
    }
  }
}

/// The day that instants are of, one after the other: most are of the day of the one before.
struct DayPlace {
  private let start: Int64
  /// The day's number in a ``GroupTable``; nil outside the window.
  let number: Int32?

  /// The day of no instant.
  init() {
    start = .max
    number = nil
  }

  /// The day that holds an instant.
  init(of instant: Timestamp, in window: DayWindow) {
    let day = UTCDay(containing: instant)
    start = day.start.microseconds
    // No instant is further than 2^27 days from 1970.
    number = window.first <= day && day <= window.last ? Int32(truncatingIfNeeded: day.daysSince1970) : nil
  }

  /// Whether an instant is of this day; never for the day of no instant, and an instant from 1970 on.
  @inline(__always)
  func holds(_ instant: Timestamp) -> Bool {
    // Only an instant from that start on, and less than a day after it, is so little ahead of it.
    UInt64(bitPattern: instant.microseconds &- start) < 86_400_000_000
  }
}
