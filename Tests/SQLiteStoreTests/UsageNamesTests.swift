#if SQLite
  import SaaSCore
  import SaaSTesting
  import Testing
  import UsageKit

  @testable import SQLiteStore

  @Suite("Numbers of repeated names")
  struct UsageNamesTests {
    private typealias Work = Transaction<StoreError>

    @Test("Names given a number by work that is undone get one that no other name has")
    func undone() async throws {
      let file = try ScratchFile()
      try await file.withStore { store in
        await #expect(throws: StoreError.notFound) {
          try await store.write { (work: Work) throws(StoreError) in
            var names = UsageNames(work)
            _ = try names.number(of: Self.name("lost"))
            _ = try names.number(of: Self.name("lost too"))
            throw .notFound
          }
        }
        let numbers = try await Self.numbers(["other", "lost", "lost too"], in: store)
        #expect(Set(numbers).count == 3)
        #expect(try await Self.numbers(["lost too", "lost", "other"], in: store) == numbers.reversed())
      }
    }

    @Test("Work that shares a transaction with work that is undone keeps its own numbers")
    func group() async throws {
      let file = try ScratchFile()
      try await file.withStore { store in
        _ = try await Self.numbers(["first"], in: store)
        let gate = Gate()
        let held = await store.hold(at: gate)
        async let undone: Void = store.write { (work: Work) throws(StoreError) in
          var names = UsageNames(work)
          _ = try names.number(of: Self.name("a"))
          throw .notFound
        }
        async let kept = Self.numbers(["b", "a", "first"], in: store)
        async let later = Self.numbers(["a", "b"], in: store)
        try await Task.sleep(for: .milliseconds(50))
        gate.open()
        try await held.value
        _ = try? await undone
        let (first, second) = try await (kept, later)
        #expect(Set(first).count == 3)
        #expect(second.sorted() == first.prefix(2).sorted())
        #expect(try await Self.numbers(["b", "a", "first"], in: store) == first)
      }
    }

    @Test("Two stores on one file give one number to one name")
    func two() async throws {
      let file = try ScratchFile()
      try await file.withStore { store in
        try await file.withStore { peer in
          var random = SeededGenerator(seed: 5)
          var known: [Int: Int64] = [:]
          for _ in 0..<200 {
            let name = Int.random(in: 0..<40, using: &random)
            let number = try await Self.numbers(["n\(name)"], in: Bool.random(using: &random) ? store : peer)[0]
            #expect(known.updateValue(number, forKey: name) ?? number == number)
          }
          #expect(Set(known.values).count == known.count)
        }
      }
    }

    private static func numbers(_ names: [String], in store: SQLiteStore) async throws(StoreError) -> [Int64] {
      try await store.write { (work: Work) throws(StoreError) in
        var all = UsageNames(work)
        var numbers: [Int64] = []
        for name in names { numbers.append(try all.number(of: Self.name(name))) }
        return numbers
      }
    }

    private static func name(_ text: String) -> InlineText { InlineText(text) ?? InlineText() }
  }

  @Suite("Histograms as bytes")
  struct DurationHistogramBlobTests {
    @Test("Histograms come back from their bytes, and add up", arguments: [1, 2] as [UInt64])
    func roundTrip(seed: UInt64) {
      var random = SeededGenerator(seed: seed)
      var histogram = DurationHistogram()
      var sum = DurationHistogram()
      for _ in 0..<300 {
        histogram.add(Int64.random(in: 0...Int64.max, using: &random) >> Int64.random(in: 0...62, using: &random))
        #expect(Self.read(histogram.blob) == histogram)
        sum += histogram
        #expect(Self.read(sum.blob) == sum)
      }
      #expect(DurationHistogram().blob.isEmpty)
    }

    @Test("Bytes that are no histogram are told, and never trap", arguments: [3, 4] as [UInt64])
    func fuzz(seed: UInt64) {
      var random = SeededGenerator(seed: seed)
      for _ in 0..<2_000 {
        let bytes = (0..<Int.random(in: 0...12, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        _ = Self.read(bytes)
      }
      for bytes: [UInt8] in [[1], [0x80], [0xff, 0xff, 0x7f, 1]] { #expect(Self.read(bytes) == nil) }
    }

    private static func read(_ bytes: [UInt8]) -> DurationHistogram? {
      var histogram = DurationHistogram()
      return histogram.add(blob: bytes) ? histogram : nil
    }
  }
#endif
