import SaaSTesting
import Testing

@testable import UsageKit

@Suite("The index of rows by hash")
struct RowIndexTests {
  @Test(
    "it finds what was put in and not taken out, however much hashes collide", arguments: [1, 7, 300, 1 << 31],
    [0, 11, 400])
  func model(spread: Int, reserved: Int) {
    var random = SeededGenerator(seed: UInt64(spread))
    // Rows whose keys are their numbers; few hashes, at the upper 32 bits of which the index looks.
    let hashes = (0..<400).map { _ in UInt64(Int.random(in: 0..<spread, using: &random)) << 32 }
    var index = RowIndex()
    index.reserveCapacity(reserved)
    var present: Set<Int> = []
    for _ in 0..<4_000 {
      let row = Int.random(in: 0..<400, using: &random)
      if present.contains(row) {
        index.remove(row, hash: hashes[row])
        present.remove(row)
      } else if Bool.random(using: &random) {
        index.insert(row, hash: hashes[row])
        present.insert(row)
      } else {
        // Taking out what is not in does nothing.
        index.remove(row, hash: hashes[row])
      }
      let sought = Int.random(in: 0..<400, using: &random)
      #expect(index.row(hash: hashes[sought]) { $0 == sought } == (present.contains(sought) ? sought : nil))
      #expect(index.count == present.count)
    }
    for row in 0..<400 { #expect((index.row(hash: hashes[row]) { $0 == row } != nil) == present.contains(row)) }
  }
}
