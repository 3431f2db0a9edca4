internal import ArgumentParser
internal import Foundation
internal import GalleryServer
internal import SQLiteStore
internal import SaaSCore
internal import TenancyKit
internal import UsageKit

/// `gallery usage`: runs and events in files.
struct UsageCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "usage", abstract: "Records the runs and events of a file.", subcommands: [Import.self])

  struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Records the runs and events of a file of NDJSON or CSV; a second time changes nothing.",
      discussion: """
        Costs are worked out by --prices (SaaSKit's rate card or LiteLLM's price file); without it events have no price. \
        A bad line ends the import with exit code 1 unless --skip-bad passes it over; what came before is recorded.
        """)

    @OptionGroup var options: StoreOptions
    @OptionGroup var platform: PlatformOptions

    @Option(help: "The price file.")
    var prices: String?

    @Option(help: "ndjson or csv; the default follows the file's name.")
    var format: String?

    @Flag(help: "Tell bad lines and pass them over.")
    var skipBad = false

    @Flag(help: "End at the first bad line; this is the default.")
    var abort = false

    @Flag(help: "Show a progress bar, where standard error is a terminal.")
    var progress = false

    @Flag(help: "First create a tenant for every organisation of the file that has none; needs --platform.")
    var createTenants = false

    @Argument(help: "The file.")
    var file: String

    func validate() throws {
      guard !(skipBad && abort) else { throw ValidationError("--skip-bad and --abort exclude each other") }
      guard format == nil || UsageFormat(rawValue: format ?? "") != nil else {
        throw ValidationError("--format is ndjson or csv")
      }
      if createTenants { _ = try platform.platform() }
    }

    func run() async throws {
      let format = format.flatMap(UsageFormat.init) ?? (file.lowercased().hasSuffix(".csv") ? .csv : .ndjson)
      let card =
        try prices.map { path throws(CommandFailure) in try PriceFile.read(path) }
        ?? RateCard(id: RateCardID("none"), rates: [])
      guard let size = try? URL(filePath: file).resourceValues(forKeys: [.fileSizeKey]).fileSize else {
        throw CommandFailure("cannot read \(file)")
      }
      try await options.withStore(creates: createTenants) { store in
        if createTenants {
          let count = try await MissingTenants(platform: try platform.platform(), store: store).create(file, format)
          if count > 0 { Output.note("created \(count) tenants") }
        }
        let importer = UsageImporter(tenants: store, usage: store, pricing: card, clock: SystemWallClock())
        let bar = ProgressBar(total: Int64(size), isWanted: progress)
        let report: UsageImportReport
        var reason: UsageImportError.Reason?
        do throws(UsageImportError) {
          report = try await importer.importFile(
            at: file, format: format, badLines: skipBad ? .skip : .abort,
            onBadLine: { Output.note("line \($0.number): \($0.fault)") },
            onProgress: { bar.show($0.bytes, "\($0.lines) lines") })
        } catch {
          report = error.report
          reason = error.reason
        }
        bar.end()
        try options.print(ImportLine.table(report), or: ImportLine(report))
        if let reason { throw CommandFailure("the import ended: \(Self.words(for: reason))") }
      }
    }

    private static func words(for reason: UsageImportError.Reason) -> String {
      switch reason {
      case .badLine(let line): "line \(line.number) is bad"
      case .header(let fault): "the first line cannot be read: \(fault)"
      case .source: "the file cannot be read"
      case .tenants(let error): "the tenants cannot be read: \(error)"
      case .store(let error): "the store failed: \(error)"
      case .cancelled: "it was cancelled"
      }
    }
  }
}

/// What an import did, as it is printed.
private struct ImportLine: Encodable {
  let lines: Int
  let runsRecorded: Int
  let runsUpdated: Int
  let eventsRecorded: Int
  let eventsUnpriced: Int
  let duplicates: Int
  let bad: Int

  init(_ report: UsageImportReport) {
    lines = report.lines
    runsRecorded = report.runsRecorded
    runsUpdated = report.runsUpdated
    eventsRecorded = report.eventsRecorded
    eventsUnpriced = report.eventsUnpriced
    duplicates = report.duplicates
    bad = report.bad
  }

  static func table(_ report: UsageImportReport) -> TextTable {
    TextTable(
      ["LINES", "RUNS", "UPDATED", "EVENTS", "UNPRICED", "DUPLICATES", "BAD"],
      [
        [
          report.lines, report.runsRecorded, report.runsUpdated, report.eventsRecorded, report.eventsUnpriced,
          report.duplicates, report.bad,
        ].map(String.init)
      ])
  }
}

/// Tenants for organisations that a file names and the store does not know.
private struct MissingTenants {
  let platform: Platform
  let store: SQLiteStore

  /// Reads the file once for its organisations, and creates what is missing.
  /// - Returns: how many tenants were created.
  func create(_ file: String, _ format: UsageFormat) async throws -> Int {
    var seen: Set<OrgID> = []
    var decoder = UsageDecoder(format)
    var count = 0
    let handle = try FileHandle(forReadingFrom: URL(filePath: file))
    var isAtEnd = false
    while !isAtEnd {
      if let chunk = try handle.read(upToCount: 1 << 18), !chunk.isEmpty {
        decoder.append(chunk)
      } else {
        decoder.finish()
        isAtEnd = true
      }
      // A bad line is the import's to tell.
      while let line = try? decoder.next() {
        guard case .line(_, let line) = line, seen.insert(line.organizationID).inserted,
          try await store.tenant(organization: line.organizationID) == nil
        else { continue }
        try await create(for: line.organizationID)
        count += 1
      }
    }
    try handle.close()
    return count
  }

  /// Creates a tenant whose slug follows the organisation's name, with a number behind it where others have that.
  private func create(for organization: OrgID) async throws {
    let stem = Self.stem(organization.rawValue)
    for number in 1...1_000 {
      let slug = number == 1 ? stem : "\(stem)-\(number)"
      do throws(TenantServiceError) {
        _ = try await platform.tenants(in: store).create(slug: slug, for: organization, at: SystemWallClock().now())
        return
      } catch {
        switch error {
        case .invalidSlug, .store(.slugTaken), .store(.slugHeld): continue
        default: throw CommandFailure("\(organization): \(error)")
        }
      }
    }
    throw CommandFailure("no slug is left for \(organization)")
  }

  private static func stem(_ name: String) -> String {
    let words = name.lowercased().split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
    let stem = String(words.joined(separator: "-").prefix(48))
    return stem.isEmpty ? "org" : stem.last == "-" ? String(stem.dropLast()) : stem
  }
}
