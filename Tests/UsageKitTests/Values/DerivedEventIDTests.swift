import SaaSCore
import SaaSTesting
import Testing
import UsageKit

@Suite("Event identifiers derived from run, step and attempt")
struct DerivedEventIDTests {
  @Test("separators inside names are escaped")
  func escaping() throws {
    #expect(try EventID(run: RunID("r1"), step: StepID("draft"), attempt: 2).rawValue == "r1/draft/2")
    #expect(try EventID(run: RunID("a/b%"), step: StepID("c"), attempt: 0).rawValue == "a%2Fb%25/c/0")
  }

  @Test("different triples have different identifiers")
  func injective() throws {
    var generator = SeededGenerator(seed: 7)
    let alphabet = Array("/%25F0a")
    func name() -> String {
      String(
        (0..<Int.random(in: 1...4, using: &generator)).map { _ in
          alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
        })
    }
    var seen: [EventID: String] = [:]
    for _ in 0..<20_000 {
      let (run, step, attempt) = (name(), name(), Int.random(in: 0...20, using: &generator))
      let triple = "\(run)\u{1}\(step)\u{1}\(attempt)"
      let id = try EventID(run: RunID(run), step: StepID(step), attempt: attempt)
      #expect(seen.updateValue(triple, forKey: id) ?? triple == triple)
    }
  }

  @Test("what would be over 255 bytes is refused")
  func tooLong() throws {
    let run = try RunID(String(repeating: "/", count: 100))
    #expect(throws: IdentifierError.tooLong(byteCount: 304)) { try EventID(run: run, step: StepID("x"), attempt: 0) }
  }
}
