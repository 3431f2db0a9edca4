import SaaSTesting
import Testing

@testable import UsageKit

@Suite("Elements in chunks")
struct ChunkedArrayTests {
  @Test("are those of an array, after any changes, at every length around a chunk's end", arguments: [UInt64(1), 2])
  func model(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var chunked = ChunkedArray<Int>()
    var model: [Int] = []
    for number in 0..<3_100 {
      chunked.append(number)
      model.append(number)
      let place = Int.random(in: 0..<model.count, using: &random)
      chunked[place] += 7
      model[place] += 7
    }
    #expect(chunked.count == model.count)
    #expect((0..<chunked.count).map { chunked[$0] } == model, "seed \(seed)")
  }

  @Test("a copy stays as it was")
  func copy() {
    var chunked = ChunkedArray<String>()
    for number in 0..<1_025 { chunked.append("\(number)") }
    let copy = chunked
    chunked[3] = "changed"
    chunked.append("more")
    #expect(copy[3] == "3" && copy.count == 1_025)
    #expect(chunked[3] == "changed" && chunked[1_025] == "more")
  }
}
