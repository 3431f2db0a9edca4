// Counts the allocations, retains and releases of host look-ups, and fails where there is one:
//
//   swift run -c release --package-path Tests/HostLookupCosts
//
// It means something in an optimised build only; an unoptimised one retains whatever it touches.

#if canImport(Glibc)
  import Glibc
  import SaaSCore
  import TenancyKit

  /// Something that the optimiser cannot take away.
  nonisolated(unsafe) private var sum = 0

  private final class Thing {
    var number = 1
  }

  nonisolated(unsafe) private var kept: Thing?

  @main
  struct Main {
    static func main() async throws {
      let lookUps = try await LookUps()
      var failures = 0
      // The counters count: what allocates and retains is seen.
      let counted = Counters.count {
        let thing = Thing()
        kept = thing
        sum += [thing.number, sum].count
        kept = nil
      }
      guard let control = counted else {
        print("this runtime lets nobody listen to retains and releases")
        exit(1)
      }
      let counts = control.allocations > 0 && control.objects > 0 && control.releases > 0
      print("\(counts ? "ok  " : "FAIL") the control: \(control)")
      if !counts { failures += 1 }
      for (name, work) in cases {
        // Once before, for whatever is made only at first use.
        work(lookUps, lookUps.texts[0])
        var found = Counts()
        for text in lookUps.texts.suffix(40) {
          if let counts = Counters.count({ work(lookUps, text) }) { found.add(counts) }
        }
        let isClean = found == .none
        print("\(isClean ? "ok  " : "FAIL") \(name): \(found)")
        if !isClean { failures += 1 }
      }
      print("\(cases.count + 1 - failures) passed, \(failures) failed")
      exit(failures == 0 ? 0 : 1)
    }

    private static let cases: [(String, @Sendable (LookUps, String) -> Void)] = [
      ("index: Host header's bytes to verdict", indexBytes),
      ("index: Host header's text to verdict", indexTexts),
      ("index: a batch to verdicts", indexBatch),
      ("directory: bytes to verdict", directoryBytes),
      ("directory: text to verdict", directoryTexts),
      ("directory: bytes to verdict and context, in one call", directoryBoth),
      ("directory: bytes to verdict, verdict to context", directoryContext),
      ("directory: bytes to resolution, for served hosts", directoryResolution),
    ]

    @inline(never)
    private static func indexBytes(_ lookUps: LookUps, _: String) {
      for host in lookUps.hosts {
        let verdict = lookUps.index.verdict(forHost: Span(_unsafeElements: host), at: lookUps.now)
        sum &+= Int(verdict.kind.rawValue)
      }
    }

    @inline(never)
    private static func indexTexts(_ lookUps: LookUps, _ text: String) {
      for _ in 0..<100 {
        sum &+= Int(lookUps.index.verdict(forHost: text, at: lookUps.now).kind.rawValue)
      }
    }

    @inline(never)
    private static func indexBatch(_ lookUps: LookUps, _: String) {
      var verdicts = MutableSpan(_unsafeElements: lookUps.verdicts)
      lookUps.index.verdicts(
        forHosts: Span(_unsafeElements: lookUps.joined), endingAt: Span(_unsafeElements: lookUps.ends),
        at: lookUps.now, into: &verdicts)
      sum &+= Int(verdicts[0].kind.rawValue)
    }

    @inline(never)
    private static func directoryBytes(_ lookUps: LookUps, _: String) {
      for host in lookUps.hosts {
        let verdict = lookUps.directory.verdict(forHost: Span(_unsafeElements: host), at: lookUps.now)
        sum &+= Int(verdict.kind.rawValue)
      }
    }

    @inline(never)
    private static func directoryTexts(_ lookUps: LookUps, _ text: String) {
      for _ in 0..<100 {
        sum &+= Int(lookUps.directory.verdict(forHost: text, at: lookUps.now).kind.rawValue)
      }
    }

    @inline(never)
    private static func directoryBoth(_ lookUps: LookUps, _: String) {
      for host in lookUps.served {
        let (verdict, context) = lookUps.directory.verdictAndContext(
          forHost: Span(_unsafeElements: host), at: lookUps.now)
        sum &+= Int(verdict.kind.rawValue) &+ (context?.tenantID.text.count ?? 0)
      }
    }

    @inline(never)
    private static func directoryContext(_ lookUps: LookUps, _: String) {
      for host in lookUps.served {
        let verdict = lookUps.directory.verdict(forHost: Span(_unsafeElements: host), at: lookUps.now)
        sum &+= lookUps.directory.context(for: verdict)?.organizationID.text.count ?? 0
      }
    }

    @inline(never)
    private static func directoryResolution(_ lookUps: LookUps, _: String) {
      for host in lookUps.served {
        let resolution = lookUps.directory.resolve(Span(_unsafeElements: host), at: lookUps.now)
        sum &+= resolution.context?.slug.text.count ?? 0
      }
    }
  }
#else
  @main
  struct Main {
    static func main() { print("0 passed, 0 failed") }
  }
#endif
