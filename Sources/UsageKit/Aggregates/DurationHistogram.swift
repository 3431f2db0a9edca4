/// How durations in milliseconds are distributed, in fixed buckets that grow with the value.
///
/// The buckets are the same everywhere and for ever, so that two histograms add up to the histogram of all. A value below
/// 128 has a bucket of its own; above, each doubling has 64 buckets of equal width, and a bucket stands for its middle,
/// which is within 1/128 (0.8 %) of every value in it. (The scheme is that of HdrHistogram.)
public struct DurationHistogram: Sendable, Hashable {
  // Sorted by bucket, without zero counts, so that equal histograms are equal values.
  private(set) var entries: [Entry] = []

  /// One bucket with its count.
  public struct Entry: Sendable, Hashable {
    /// The bucket's number, as ``DurationHistogram/bucket(of:)`` gives it.
    public let bucket: Int
    /// How many values are in it.
    public var count: Int64

    /// A bucket with its count.
    public init(bucket: Int, count: Int64) {
      self.bucket = bucket
      self.count = count
    }
  }

  /// How many buckets there are: one for every value up to the end of Int64's range.
  public static let bucketCount = 128 + 56 * 64

  /// A histogram of nothing.
  public init() {}

  /// The histogram of these buckets, in any order; counts of one bucket are added, those that are not positive and
  /// buckets that there are not are left out.
  public init(_ entries: some Sequence<Entry>) {
    for entry in entries { add(bucket: entry.bucket, count: entry.count) }
  }

  /// The buckets that hold a value, in order.
  public var buckets: [Entry] { entries }

  /// The bucket of a value; a negative one is taken as zero.
  /// - Complexity: O(1)
  public static func bucket(of value: Int64) -> Int {
    guard value >= 128 else { return Int(max(value, 0)) }
    let exponent = 63 - value.leadingZeroBitCount
    // Between 64 and 127: the leading bit and the six that follow.
    let leading = Int(truncatingIfNeeded: value >> Int64(exponent - 6))
    return 128 + (exponent - 7) * 64 + (leading - 64)
  }

  /// The value that a bucket stands for: the middle of those in it, half down. A number outside the buckets is taken as
  /// the nearest.
  /// - Complexity: O(1)
  public static func value(of bucket: Int) -> Int64 {
    let bucket = min(max(bucket, 0), bucketCount - 1)
    guard bucket >= 128 else { return Int64(bucket) }
    let (doubling, place) = (bucket - 128).quotientAndRemainder(dividingBy: 64)
    let low = Int64(64 + place) << Int64(doubling + 1)
    let width = Int64(1) << Int64(doubling + 1)
    return low + (width - 1) / 2
  }

  /// How many values there are.
  public var count: Int64 { entries.reduce(0) { $0 &+ $1.count } }

  /// Adds a value.
  /// - Complexity: O(*b*) in the number of buckets that hold a value
  public mutating func add(_ value: Int64) { add(bucket: Self.bucket(of: value), count: 1) }

  /// Adds values to one bucket; does nothing where the count is not positive or there is no such bucket.
  public mutating func add(bucket: Int, count: Int64) {
    guard count > 0, (0..<Self.bucketCount).contains(bucket) else { return }
    let index = place(of: bucket)
    if index < entries.count, entries[index].bucket == bucket {
      entries[index].count &+= count
    } else {
      entries.insert(Entry(bucket: bucket, count: count), at: index)
    }
  }

  /// Adds the second histogram to the first.
  public static func += (left: inout DurationHistogram, right: DurationHistogram) {
    if left.entries.isEmpty {
      left = right
      return
    }
    for entry in right.entries { left.add(bucket: entry.bucket, count: entry.count) }
  }

  /// The value below or at which a percentage of the values lie (nearest rank), within 1 %, or nil without values.
  /// - Parameter percent: from 1 to 100; other numbers are brought into that range.
  /// - Complexity: O(*b*) in the number of buckets that hold a value
  public func percentile(_ percent: Int) -> Int64? {
    let total = Int128(count)
    guard total > 0 else { return nil }
    // The smallest rank that is at least the percentage of all, counted from 1.
    let rank = (Int128(min(max(percent, 1), 100)) * total + 99) / 100
    var passed: Int128 = 0
    for entry in entries {
      passed += Int128(entry.count)
      if passed >= rank { return Self.value(of: entry.bucket) }
    }
    return nil
  }

  private func place(of bucket: Int) -> Int {
    var low = 0
    var high = entries.count
    while low < high {
      let middle = low + (high - low) / 2
      if entries[middle].bucket < bucket { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
