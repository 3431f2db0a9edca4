/// Values by key, at most so many; the one that was not used for the longest time makes room for a new one.
///
/// The entries are linked in the order of their last use by their places in one array, so that every operation takes the
/// same time however many there are.
struct RecencyList<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private struct Node {
    let key: Key
    var value: Value
    var newer: Int?
    var older: Int?
  }

  let capacity: Int
  private var places: [Key: Int] = [:]
  private var nodes: [Node?] = []
  private var free: [Int] = []
  private var newest: Int?
  private var oldest: Int?

  /// A list of at most `capacity` values, and of at least one.
  init(capacity: Int) { self.capacity = max(capacity, 1) }

  var count: Int { places.count }

  /// The value of a key, which does not count as a use.
  func peek(_ key: Key) -> Value? { places[key].flatMap { nodes[$0]?.value } }

  /// The value of a key, which becomes the one that was used last.
  mutating func use(_ key: Key) -> Value? {
    guard let place = places[key], let node = nodes[place] else { return nil }
    if newest != place {
      unlink(node, at: place)
      link(place)
    }
    return node.value
  }

  /// Puts a value in the place of a key's former one; gives what had to make room.
  mutating func insert(_ value: Value, for key: Key) -> (key: Key, value: Value)? {
    if use(key) != nil, let place = places[key] {
      nodes[place]?.value = value
      return nil
    }
    var evicted: (key: Key, value: Value)?
    if places.count >= capacity, let oldest, let node = nodes[oldest] {
      evicted = (node.key, node.value)
      remove(node.key)
    }
    let node = Node(key: key, value: value, newer: nil, older: nil)
    let place = free.popLast() ?? nodes.count
    if place == nodes.count { nodes.append(node) } else { nodes[place] = node }
    places[key] = place
    link(place)
    return evicted
  }

  /// Takes a key's value away.
  @discardableResult
  mutating func remove(_ key: Key) -> Value? {
    guard let place = places.removeValue(forKey: key), let node = nodes[place] else { return nil }
    unlink(node, at: place)
    nodes[place] = nil
    free.append(place)
    return node.value
  }

  private mutating func unlink(_ node: Node, at place: Int) {
    if let newer = node.newer { nodes[newer]?.older = node.older } else { newest = node.older }
    if let older = node.older { nodes[older]?.newer = node.newer } else { oldest = node.newer }
  }

  private mutating func link(_ place: Int) {
    nodes[place]?.newer = nil
    nodes[place]?.older = newest
    if let newest { nodes[newest]?.newer = place } else { oldest = place }
    newest = place
  }
}
