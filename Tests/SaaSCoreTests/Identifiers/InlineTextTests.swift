import SaaSCore
import SaaSTesting
import Testing

@Suite struct InlineTextTests {
  /// Bytes near each other, of the lengths at which the form changes.
  private func bytes(using dice: inout SeededGenerator) -> [UInt8] {
    let count = [0, 1, 7, 8, 9, 31, 32, 33, 38, 39, 40, 41, 254, 255].randomElement(using: &dice) ?? 0
    let alphabet: [UInt8] = [0, 1, 0x61, 0x62, 0x7f, 0x80, 0xc3, 0xff]
    var bytes = Array(repeating: UInt8(0x61), count: count)
    for _ in 0..<Int.random(in: 0...3, using: &dice) where count > 0 {
      let place = Int.random(in: max(0, count - 9)..<count, using: &dice)
      bytes[place] = alphabet.randomElement(using: &dice) ?? 0
    }
    if Int.random(in: 0..<4, using: &dice) == 0 { bytes = bytes.dropLast(Int.random(in: 0...2, using: &dice)) }
    return bytes
  }

  private func text(_ bytes: [UInt8]) -> InlineText? { InlineText(utf8: bytes.span) }

  @Test(arguments: UInt64(1)...5)
  func `equality, hashing and order are those of the bytes`(seed: UInt64) throws {
    var dice = SeededGenerator(seed: seed)
    for _ in 0..<4_000 {
      let (one, other) = (bytes(using: &dice), bytes(using: &dice))
      let left = try #require(text(one))
      let right = try #require(text(other))
      #expect((left == right) == (one == other), "seed \(seed): \(one) \(other)")
      #expect((left < right) == one.lexicographicallyPrecedes(other), "seed \(seed): \(one) \(other)")
      #expect((left > right) == other.lexicographicallyPrecedes(one), "seed \(seed): \(one) \(other)")
      if one == other { #expect(left.hashValue == right.hashValue, "seed \(seed): \(one)") }
      #expect(left.bytes == one, "seed \(seed)")
      #expect(left.count == one.count && left.isEmpty == one.isEmpty, "seed \(seed): \(one)")
      let place = Int.random(in: -2...256, using: &dice)
      #expect(
        left.byte(at: place) == (one.indices.contains(place) ? one[place] : nil), "seed \(seed): \(one), \(place)")
    }
  }

  @Test func `a text of every length goes in and comes out, up to 255 bytes`() throws {
    for count in 0...255 {
      let string = String((0..<count).map { Character(UnicodeScalar(UInt8(0x21 + $0 % 90))) })
      let text = try #require(InlineText(string))
      #expect(text.description == string)
      var buffer = [UInt8](repeating: 1, count: 255)
      let copied = buffer.withUnsafeMutableBytes { text.copyUTF8(into: $0) }
      #expect(buffer[..<copied].elementsEqual(string.utf8))
    }
    #expect(InlineText(String(repeating: "a", count: 256)) == nil)
    #expect(InlineText(String(repeating: "é", count: 128)) == nil)
    #expect(InlineText() == InlineText(""))
  }

  @Test func `equal texts are found by each other in sets, whatever their form`() throws {
    for count in [5, 39, 40, 255] {
      let string = String(repeating: "x", count: count)
      let set: Set<InlineText> = [try #require(InlineText(string))]
      #expect(set.contains(try #require(text(Array(string.utf8)))))
      #expect(!set.contains(try #require(InlineText(string.dropLast() + "y"))))
    }
  }
}
