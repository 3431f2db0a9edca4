import Foundation
import SQLiteStore
import SaaSCore
import Testing

@testable import GalleryServer

@Suite("Operators' commands") struct OperatorCommandTests {
  private let folder: ScratchFolder

  init() throws { folder = try ScratchFolder() }

  /// A command that works on the file of this test; every one but a report takes the platform.
  private func gallery(_ arguments: String..., platform: Bool = true) throws -> GalleryCommand {
    let words =
      Array(arguments.prefix(2)) + ["--database", "g.sqlite"] + (platform ? ["--platform", "localhost"] : [])
    return try GalleryCommand(words + arguments.dropFirst(2), in: folder)
  }

  private func json(_ command: GalleryCommand) throws -> JSON {
    #expect(command.status == 0, "\(command.errors)")
    return JSON(try JSONSerialization.jsonObject(with: Data(command.output)))
  }

  private func verdict(_ host: String) throws -> [String] {
    let run = try GalleryCommand(
      ["resolve", "--database", "g.sqlite", "--platform", "localhost", "--tsv", host], in: folder)
    return run.lines.first?.split(separator: "\t", omittingEmptySubsequences: false).dropFirst().map(String.init) ?? []
  }

  @Test("create, rename, suspend and resume a tenant, and its hosts follow") func tenants() throws {
    let created = try json(try gallery("tenant", "create", "--json", "--org", "org_a", "orchard"))
    let id = try #require(created["tenantId"].string)
    #expect(created["slug"].string == "orchard")
    #expect(created["orgId"].string == "org_a")
    #expect(created["status"].string == "active")
    #expect(try verdict("orchard.localhost") == ["tenant", id, ""])

    let renamed = try json(try gallery("tenant", "rename", "--json", "orchard", "grove"))
    #expect(renamed["slug"].string == "grove")
    #expect(renamed["heldSlugs"].array.compactMap(\.string) == ["orchard"])
    #expect(try verdict("orchard.localhost") == ["moved", id, ""])
    #expect(try verdict("grove.localhost") == ["tenant", id, ""])

    #expect(try json(try gallery("tenant", "suspend", "--json", "grove"))["status"].string == "suspended")
    #expect(try verdict("grove.localhost") == ["suspended", id, ""])
    #expect(try json(try gallery("tenant", "resume", "--json", "grove"))["status"].string == "active")
    #expect(try verdict("grove.localhost") == ["tenant", id, ""])

    _ = try json(try gallery("tenant", "create", "--json", "--org", "org_b", "meadow"))
    let all = try json(try gallery("tenant", "list", "--json", platform: false)).array
    #expect(Set(all.compactMap { $0["slug"].string }) == ["grove", "meadow"])
    #expect(try json(try gallery("tenant", "show", "--json", "grove", platform: false))["tenantId"].string == id)
    let table = try gallery("tenant", "list", platform: false)
    #expect(table.lines.first?.split(separator: " ").first == "SLUG")
    #expect(table.lines.count == 4, "a heading, two rows, and the end of the last line")
  }

  @Test("say why they cannot, with status 1, and change nothing") func refusals() throws {
    _ = try json(try gallery("tenant", "create", "--json", "--org", "org_a", "orchard"))
    _ = try json(try gallery("tenant", "rename", "--json", "orchard", "grove"))
    let before = try gallery("tenant", "list", "--json", platform: false).text
    let refusals = [
      (["create", "--org", "org_b", "grove"], "taken"), (["create", "--org", "org_b", "orchard"], "held until"),
      (["create", "--org", "org_a", "other"], "has a tenant"), (["create", "--org", "org_b", "www"], "not valid"),
      (["create", "--org", "org_b", "a--b"], "not valid"), (["rename", "nobody", "other"], "no tenant nobody"),
      (["rename", "grove", "Ä"], "not valid"), (["suspend", "orchard"], "no tenant orchard"),
    ]
    for (arguments, words) in refusals {
      let run = try GalleryCommand(
        ["tenant", arguments[0], "--database", "g.sqlite", "--platform", "localhost"] + arguments.dropFirst(),
        in: folder)
      #expect(run.status == 1, "\(arguments)")
      #expect(run.errors.contains(words), "\(arguments): \(run.errors)")
      #expect(run.output.isEmpty, "\(arguments)")
    }
    #expect(try gallery("tenant", "list", "--json", platform: false).text == before)
    #expect(try gallery("tenant", "create", "slug").status == 64, "an organisation is needed")
    #expect(try gallery("tenant", "create", "--org", "org_b", "slug", platform: false).status == 64)
    let mistyped = try GalleryCommand(["tenant", "list", "--database", "other.sqlite"], in: folder)
    #expect(mistyped.status == 1)
    #expect(mistyped.errors.contains("no file other.sqlite"), "\(mistyped.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.url.appending(path: "other.sqlite").path))
    try folder.write("not a database, and long enough not to be taken for an empty file", to: "g.sqlite")
    let foreign = try gallery("tenant", "list", platform: false)
    #expect(foreign.status == 1)
    #expect(foreign.errors.contains("g.sqlite"))
  }

  @Test("claim, check, list and remove a domain") func domains() throws {
    _ = try json(try gallery("tenant", "create", "--json", "--org", "org_a", "orchard"))
    let added = try json(try gallery("domain", "add", "--json", "orchard", "www.customer.com"))
    #expect(added["domain"].string == "www.customer.com")
    #expect(added["state"].string == "pending")
    #expect(added["records"].array.contains { $0["type"].string == "TXT" })
    #expect(
      try json(try gallery("domain", "check", "--json", "orchard", "www.customer.com"))["state"].string == "pending")
    #expect(try verdict("www.customer.com") == ["not-found", "", "domainNotActive"])
    #expect(try json(try gallery("domain", "list", "--json", "orchard")).array.count == 1)
    #expect(
      try json(try gallery("domain", "remove", "--json", "orchard", "www.customer.com"))["domain"].string
        == "www.customer.com")
    #expect(try json(try gallery("domain", "list", "--json", "orchard")).array.isEmpty)
    for domain in ["orchard.localhost", "10.0.0.1", "customer", "?"] {
      #expect(try gallery("domain", "add", "orchard", domain).status == 1, "\(domain)")
    }
    #expect(try gallery("domain", "remove", "orchard", "other.com").errors.contains("no domain other.com"))
  }

  @Test("roll up the ledger, which the servers' metrics then tell, and report in three formats")
  func reports() async throws {
    _ = try json(try gallery("tenant", "create", "--json", "--org", "org_a", "orchard"))
    try folder.write(
      [ImportCommandTests.run, ImportCommandTests.event("e1")].joined(separator: "\n"), to: "usage.ndjson")
    try folder.write(CostCommandTests.liteLLM, to: "prices.json")
    let load = try gallery("usage", "import", "--prices", "prices.json", "usage.ndjson")
    #expect(load.status == 0, "\(load.errors)")
    let first = try json(try gallery("ledger", "rollup", "--json", platform: false))
    #expect(first["tenants"].int == 1)
    #expect(first["rows"].int == 1)
    #expect(try json(try gallery("ledger", "rollup", "--json", platform: false))["rows"].int == 0)

    let store = try await SQLiteStore(path: folder.url.appending(path: "g.sqlite").path)
    #expect(try await store.lastCompletion(of: GalleryJob.rollup.storedName) != nil)
    await store.close()

    func report(_ arguments: String...) throws -> GalleryCommand {
      try GalleryCommand(
        ["report", "--database", "g.sqlite", "--org", "org_a", "--at", "2025-01-02T00:00:00Z"] + arguments, in: folder)
    }
    let whole = try json(try report("--window", "7", "--format", "json"))
    #expect(whole["costs"]["total"]["costUSD"].string == "0.005", "\(whole.members.keys)")
    let table = try report("--window", "30", "--format", "csv")
    #expect(table.status == 0)
    #expect(table.text.contains("gpt-4o") && table.text.contains("0.005"), "\(table.text)")
    let page = try report("--window", "90", "--format", "html")
    #expect(page.text.hasPrefix("<!doctype html>") || page.text.hasPrefix("<!DOCTYPE html>"))
    #expect(page.text.contains("gpt-4o"))
    #expect(try report("--window", "8").status == 64)
    #expect(try report("--format", "pdf").status == 64)
    let nobody = try GalleryCommand(
      ["report", "--database", "g.sqlite", "--org", "org_z", "--window", "7"], in: folder)
    #expect(nobody.status == 1)
    #expect(nobody.errors.contains("org_z"))
  }

  @Test("show a bar for long work on a terminal, and nowhere else", arguments: [true, false])
  func progress(isTerminal: Bool) throws {
    for org in ["org_a", "org_b", "org_c"] {
      _ = try json(try gallery("tenant", "create", "--json", "--org", org, String(org.suffix(1))))
    }
    let lines = [ImportCommandTests.run] + (0..<50).map { ImportCommandTests.event("e\($0)") }
    try folder.write(lines.joined(separator: "\n"), to: "usage.ndjson")
    for work in [["usage", "import", "usage.ndjson"], ["ledger", "rollup"]] {
      for isWanted in [true, false] {
        let run = try GalleryCommand(
          work.prefix(2) + ["--database", "g.sqlite"] + (isWanted ? ["--progress"] : []) + work.dropFirst(2),
          in: folder, onTerminal: isTerminal)
        #expect(run.status == 0)
        let shown = isTerminal ? run.text : run.errors
        let hasBar = shown.contains("\r[" + String(repeating: "#", count: 40) + "] 100%")
        #expect(hasBar == (isTerminal && isWanted), "\(work): \(shown)")
        #expect(isTerminal || !run.text.contains("["), "the bar is no part of the results")
      }
    }
  }
}
