import SaaSTesting
import Testing
import UsageKit

@Suite("The duration histogram")
struct DurationHistogramTests {
  @Test("a bucket stands for each of its values within one percent", arguments: [UInt64(1), 2, 3])
  func error(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var values: [Int64] = Array(0...1_000) + [.max, .max - 1, UsageBounds.durationMilliseconds]
    for shift in 0..<63 { values += [Int64(1) << shift, (Int64(1) << shift) - 1, (Int64(1) << shift) + 1] }
    for _ in 0..<20_000 {
      values.append(Int64.random(in: 0...(.max >> Int64.random(in: 0..<63, using: &random)), using: &random))
    }
    for value in values where value >= 0 {
      let bucket = DurationHistogram.bucket(of: value)
      #expect((0..<DurationHistogram.bucketCount).contains(bucket))
      let middle = DurationHistogram.value(of: bucket)
      #expect(DurationHistogram.bucket(of: middle) == bucket, "\(value)")
      let difference = value > middle ? value - middle : middle - value
      #expect(difference <= value / 100 || difference == 0, "\(value) is taken for \(middle)")
    }
  }

  @Test("buckets grow with their values and leave none out")
  func monotonic() {
    var last = -1
    for bucket in 0..<DurationHistogram.bucketCount {
      let value = DurationHistogram.value(of: bucket)
      #expect(DurationHistogram.bucket(of: value) == bucket)
      #expect(value >= 0 && Int(clamping: value) > last)
      last = Int(clamping: value)
    }
    #expect(DurationHistogram.bucket(of: .max) == DurationHistogram.bucketCount - 1)
    #expect(DurationHistogram.bucket(of: -5) == 0)
  }

  @Test("a percentile is the value of the nearest rank within one percent", arguments: [UInt64(4), 5, 6, 7])
  func percentiles(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    for _ in 0..<50 {
      let count = Int.random(in: 1...200, using: &random)
      let values = (0..<count).map { _ in
        Int64.random(in: 0...(1 << Int64.random(in: 1...34, using: &random)), using: &random)
      }.sorted()
      var histogram = DurationHistogram()
      for value in values.shuffled(using: &random) { histogram.add(value) }
      #expect(histogram.count == Int64(count))
      for percent in [1, 50, 95, 99, 100] {
        let exact = values[(percent * count + 99) / 100 - 1]
        let found = try #require(histogram.percentile(percent))
        #expect(abs(found - exact) * 100 <= exact, "p\(percent) of \(values): \(found), not \(exact)")
      }
    }
  }

  @Test("histograms add up to the histogram of all values, in any order")
  func merging() {
    var random = SeededGenerator(seed: 8)
    for _ in 0..<50 {
      var all = DurationHistogram()
      var parts = [DurationHistogram](repeating: DurationHistogram(), count: 4)
      for _ in 0..<100 {
        let value = Int64.random(in: 0...100_000, using: &random)
        all.add(value)
        parts[Int.random(in: 0..<4, using: &random)].add(value)
      }
      let sum = parts.shuffled(using: &random).reduce(into: DurationHistogram()) { $0 += $1 }
      #expect(sum == all)
      #expect(DurationHistogram(all.buckets.shuffled(using: &random)) == all)
    }
  }

  @Test("nothing has no percentile, and buckets that there are not are left out")
  func empty() {
    #expect(DurationHistogram().percentile(50) == nil)
    let odd = [
      DurationHistogram.Entry(bucket: -1, count: 1), .init(bucket: DurationHistogram.bucketCount, count: 1),
      .init(bucket: 3, count: 0), .init(bucket: 4, count: -2),
    ]
    #expect(DurationHistogram(odd) == DurationHistogram())
  }
}
