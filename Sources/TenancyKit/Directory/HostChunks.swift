internal import SaaSCore

/// The memory that the chunks of a table lie in, and those of all tables that came from it by changes.
///
/// Each of those tables is a version, and each comes from the one before. A change replaces a few chunks; a replaced one is
/// read by the versions from that which it came with to the last one before the replacement, and is given back when none
/// of them is left. So a change costs what it replaces, and a table counts one reference, however many chunks it has.
///
/// What always holds: a chunk that a change made is the last version's, or is in the `replaced` of exactly one version that
/// is left: the first one left that has it no more. Versions are in the order of their numbers.
// Sendable: `initial` is only given back, when nobody has self any more; all else is behind the lock.
final class HostChunks: @unchecked Sendable {
  /// A chunk that a change made, with its place in the table.
  // Sendable: who made it writes it no more once it is handed over.
  struct Chunk: @unchecked Sendable {
    let place: Int
    let start: UnsafeMutableRawPointer
  }

  /// Where each chunk of a table starts.
  // Sendable: it has one owner at a time, and the lock is between them.
  struct Pointers: @unchecked Sendable {
    let start: UnsafeMutablePointer<UnsafeMutableRawPointer>
  }

  /// What the first version's chunks lie in, one after the other.
  private let initial: HugePages
  private let count: Int
  private let state = Lock(State())

  private struct State {
    /// The versions that are left, the oldest first; the latest stays, whether it is left or not.
    var versions = [Version(number: 0, replaced: [])]
    var latest: Int { versions.last?.number ?? 0 }
    /// The latest version's chunks but for those in `initial`; empty until the first change.
    var present: [Held?] = []
    /// The places in which the latest version has other chunks than the one before it.
    var changed: [Int] = []
    /// Pointers that nobody uses any more: those of the version before the latest.
    var spare: Pointers?
  }

  private struct Version {
    let number: Int
    /// The chunks that this version has no more, and the version left before it still has.
    var replaced: [Held]
  }

  private struct Held {
    let start: UnsafeMutableRawPointer
    /// The number of the version that it came with.
    let since: Int
  }

  /// The memory of a table of so many chunks that is about to be filled, which is version 0.
  init(initial: HugePages, count: Int) {
    self.initial = initial
    self.count = count
  }

  deinit {
    state.withLock { state in
      for version in state.versions {
        for chunk in version.replaced { chunk.start.deallocate() }
      }
      for chunk in state.present { chunk?.start.deallocate() }
      state.spare?.start.deallocate()
    }
    initial.deallocate()
  }

  /// Adds a version that has other chunks in some places than the one it came from, and keeps them from now on. Gives its
  /// number; nil, and keeps nothing, where the one it came from is not the latest any more.
  ///
  /// - Complexity: O(n) for n chunks that it has other than the one it came from; the first change makes room for all.
  func addVersion(after base: Int, with chunks: [Chunk]) -> Int? {
    state.withLock { state in
      guard base == state.latest else { return nil }
      if state.present.isEmpty { state.present = Array(repeating: nil, count: count) }
      let number = base + 1
      var replaced: [Held] = []
      for chunk in chunks {
        if let old = state.present[chunk.place] { replaced.append(old) }
        state.present[chunk.place] = Held(start: chunk.start, since: number)
      }
      state.versions.append(Version(number: number, replaced: replaced))
      state.changed = chunks.map(\.place)
      // Spare pointers that are here were given back too late for this version, and now two changes are between.
      state.spare?.start.deallocate()
      state.spare = nil
      return number
    }
  }

  /// The pointers of the version before a latest one, with the places in which that one has others; nil where they are in
  /// use, and of any other version. Whoever takes them owns them.
  func takeSpare(after base: Int) -> (Pointers, outdated: [Int])? {
    state.withLock { state in
      guard base == state.latest else { return nil }
      return state.spare.take().map { ($0, state.changed) }
    }
  }

  /// Gives back what only one version read, which nobody reads any more, and its pointers.
  ///
  /// Of the latest version nothing is given back before all others have ended.
  /// - Complexity: O(n) for n chunks that changed between the versions left before and after it.
  func endVersion(_ number: Int, with pointers: Pointers) {
    state.withLock { state in
      if number == state.latest - 1 {
        state.spare = pointers
      } else {
        pointers.start.deallocate()
      }
      guard number != state.latest, let place = state.versions.lastIndex(where: { $0.number == number }) else { return }
      var kept = state.versions.remove(at: place).replaced
      let before = place > 0 ? state.versions[place - 1].number : -1
      for chunk in state.versions[place].replaced {
        if chunk.since > before { chunk.start.deallocate() } else { kept.append(chunk) }
      }
      state.versions[place].replaced = kept
    }
  }

  /// Where the chunks lie that changes made, for tests.
  var madeChunks: [UInt] {
    state.withLock { state in
      let replaced = state.versions.flatMap(\.replaced)
      return (state.present.compactMap { $0 } + replaced).map { UInt(bitPattern: $0.start) }
    }
  }
}
