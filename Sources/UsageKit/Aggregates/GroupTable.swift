/// Groups of one kind by the small number of their user, workflow, model or day.
struct GroupTable<Group: UsageSum> {
  /// A group and its number.
  struct Entry: Sendable {
    let key: Int32
    var group: Group
  }

  /// The groups with their numbers, in the order in which they were made.
  private(set) var entries: [Entry] = []
  private var index = RowIndex()
  private var last = 0

  /// The group of a number, empty where there is none yet.
  subscript(key: Int32) -> Group {
    get { place(of: key).map { entries[$0].group } ?? Group() }
    @inline(__always) _modify {
      let place = placeMade(for: key)
      yield &entries[place].group
    }
  }

  /// Takes room for so many groups, where none was made yet.
  mutating func reserveCapacity(_ count: Int) {
    guard entries.isEmpty else { return }
    entries.reserveCapacity(count)
    index.reserveCapacity(count)
  }

  /// Adds the groups of another table to those of the same numbers.
  mutating func merge(_ other: GroupTable) {
    for entry in other.entries { self[entry.key] += entry.group }
  }

  private func place(of key: Int32) -> Int? { index.row(hash: Self.hash(key)) { entries[$0].key == key } }

  @inline(__always)
  private mutating func placeMade(for key: Int32) -> Int {
    if last < entries.count, entries[last].key == key { return last }
    last = place(of: key) ?? added(key)
    return last
  }

  private mutating func added(_ key: Int32) -> Int {
    index.insert(entries.count, hash: Self.hash(key))
    // Where there is a second one there are mostly more.
    if entries.count == 1 { entries.reserveCapacity(8) }
    entries.append(Entry(key: key, group: Group()))
    return entries.count - 1
  }

  // Numbers are given in order, so that a multiplication spreads them (Knuth's multiplicative hashing).
  private static func hash(_ key: Int32) -> UInt64 { UInt64(UInt32(bitPattern: key)) &* 0x9e37_79b9_7f4a_7c15 }
}

/// What starts as nothing and is added to.
protocol UsageSum: Sendable {
  init()
  static func += (left: inout Self, right: Self)
}

extension UsageGroup: UsageSum {}
extension EventSums: UsageSum {}
