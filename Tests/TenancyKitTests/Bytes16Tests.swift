import SaaSTesting
import Testing

@testable import TenancyKit

/// Sixteen bytes at once against the same one by one.
@Suite struct Bytes16Tests {
  @Test(arguments: UInt64(1)...4)
  func `the portable way finds what a loop over the bytes finds`(seed: UInt64) {
    var dice = SeededGenerator(seed: seed)
    for _ in 0..<5_000 {
      let bytes = bytes(using: &dice)
      let (first, last) = bounds(using: &dice)
      guard let read = bytes.withUnsafeBytes({ $0.baseAddress.map { WordBytes16(at: $0) } }) else { return }
      #expect(read.places(of: first) == expected(bytes) { $0 == first }, "seed \(seed), \(bytes), \(first)")
      #expect(
        read.places(from: first, through: last) == expected(bytes) { (first...last).contains($0) },
        "seed \(seed), \(bytes), \(first) through \(last)")
    }
  }

  @Test(arguments: UInt64(1)...4)
  func `the processor's own way is the portable one`(seed: UInt64) {
    var dice = SeededGenerator(seed: seed)
    for _ in 0..<5_000 {
      let (one, other) = (bytes(using: &dice), bytes(using: &dice))
      let (first, last) = bounds(using: &dice)
      let words = (portable(one), portable(other))
      let own = (Bytes16(low: words.0.low, high: words.0.high), Bytes16(low: words.1.low, high: words.1.high))
      #expect(own.0.places(of: first) == words.0.places(of: first), "seed \(seed)")
      #expect(
        own.0.places(from: first, through: last) == words.0.places(from: first, through: last), "seed \(seed), \(one)")
      for (result, expected) in [
        (own.0 & own.1, words.0 & words.1), (own.0 | own.1, words.0 | words.1), (own.0 ^ own.1, words.0 ^ words.1),
        (own.0 &+ own.1, words.0 &+ words.1), (Bytes16(repeating: first), WordBytes16(repeating: first)),
        (one.withUnsafeBytes { $0.baseAddress.map { Bytes16(at: $0) } ?? own.1 }, words.0),
      ] {
        #expect(result.low == expected.low && result.high == expected.high, "seed \(seed)")
      }
    }
  }

  private func portable(_ bytes: [UInt8]) -> WordBytes16 {
    @inline(__always) func word(_ part: ArraySlice<UInt8>) -> UInt64 {
      part.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
    return WordBytes16(low: word(bytes[0..<8]), high: word(bytes[8..<16]))
  }

  /// Bytes of few values, so that many are the same or beside a bound.
  private func bytes(using dice: inout SeededGenerator) -> [UInt8] {
    (0..<16).map { _ in
      [0, 1, 0x2d, 0x2e, 0x2f, 0x30, 0x39, 0x3a, 0x60, 0x61, 0x7a, 0x7b, 0x7f, 0x80, 0xae, 0xff].randomElement(
        using: &dice, orElse: 0)
    }
  }

  private func bounds(using dice: inout SeededGenerator) -> (UInt8, UInt8) {
    let first = [0, 0x2d, 0x2e, 0x30, 0x61].randomElement(using: &dice, orElse: 0) as UInt8
    return (first, UInt8.random(in: first...0x7f, using: &dice))
  }

  private func expected(_ bytes: [UInt8], _ isPlace: (UInt8) -> Bool) -> UInt64 {
    bytes.indices.reduce(0) { isPlace(bytes[$1]) ? $0 | 1 << UInt64($1) : $0 }
  }
}
