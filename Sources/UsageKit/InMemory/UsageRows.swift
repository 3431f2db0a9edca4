internal import SaaSCore

/// An event in the in-memory store without its identifier: plain numbers, so that appending one is copying some bytes.
struct EventRow {
  var createdAt: Timestamp
  var durationMilliseconds: Int64
  var resultSize: Int64
  var picos: Int64
  var insertedRevision: Int64
  var changedRevision: Int64
  // UsageBounds keeps tokens within 32 bits.
  var promptTokens: UInt32
  var cachedPromptTokens: UInt32
  var cacheWritePromptTokens: UInt32
  var completionTokens: UInt32
  var run: Int32
  var model: Int32
  var step: Int32
  var tier: Int32
  var rate: Int32
  var user: Int32
  var workflow: Int32
  var pricing: EventCost.Pricing
  /// Whether the row is not to be found any more; its place in the table is used again.
  var isDropped = false

  var tokens: TokenCounts {
    TokenCounts(
      unchecked: Int64(promptTokens), Int64(cachedPromptTokens), Int64(cacheWritePromptTokens),
      Int64(completionTokens))
  }

  var sums: EventSums {
    var sums = EventSums()
    sums.add(self)
    return sums
  }
}

extension EventSums {
  /// Adds one event.
  @inline(__always)
  mutating func add(_ row: EventRow) {
    count &+= 1
    unpriced &+= row.pricing == .unpriced ? 1 : 0
    partlyUnpriced &+= row.pricing == .partlyPriced ? 1 : 0
    promptTokens &+= Int64(row.promptTokens)
    cachedPromptTokens &+= Int64(row.cachedPromptTokens)
    cacheWritePromptTokens &+= Int64(row.cacheWritePromptTokens)
    completionTokens &+= Int64(row.completionTokens)
    durationMilliseconds &+= row.durationMilliseconds
    cost += CostSum(PicoUSD(picos: row.picos))
  }
}

/// A run's place in the in-memory store: made when the run, or an event of it, first arrives.
struct RunSlot {
  let id: RunID
  /// The run, or nil while only events of it have arrived or once it was deleted.
  var run: Run?
  var insertedRevision: Int64 = 0
  var changedRevision: Int64 = 0
  /// Rows that came under unknown; some may be used otherwise by now.
  var waiting: [Int32] = []

  init(_ id: RunID) { self.id = id }
}

/// What every event of a run reads or changes of it: plain numbers, apart from the run itself.
struct RunHead {
  var user: Int32 = -1
  var workflow: Int32 = -1
  /// When the run began; nil while it is not there.
  var startedAt: Timestamp?
  /// How many event rows point here.
  var eventCount = 0
}
