/// Groups of one kind by the small number of their user, workflow, model or day.
struct GroupTable<Group: UsageSum> {
  private(set) var keys: [Int32] = []
  private(set) var groups: [Group] = []
  private var index = RowIndex()
  private var last = 0

  /// The group of a number, empty where there is none yet.
  subscript(key: Int32) -> Group {
    get { place(of: key).map { groups[$0] } ?? Group() }
    @inline(__always) _modify {
      let place = placeMade(for: key)
      yield &groups[place]
    }
  }

  private func place(of key: Int32) -> Int? { index.row(hash: Self.hash(key)) { keys[$0] == key } }

  @inline(__always)
  private mutating func placeMade(for key: Int32) -> Int {
    if last < keys.count, keys[last] == key { return last }
    last = place(of: key) ?? added(key)
    return last
  }

  private mutating func added(_ key: Int32) -> Int {
    index.insert(keys.count, hash: Self.hash(key))
    keys.append(key)
    groups.append(Group())
    return keys.count - 1
  }

  // Numbers are given in order, so that a multiplication spreads them (Knuth's multiplicative hashing).
  private static func hash(_ key: Int32) -> UInt64 { UInt64(UInt32(bitPattern: key)) &* 0x9e37_79b9_7f4a_7c15 }
}

/// What starts as nothing and is added to.
protocol UsageSum: Sendable {
  init()
}

extension UsageGroup: UsageSum {}
extension EventSums: UsageSum {}
