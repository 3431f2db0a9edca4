import Foundation
import Testing

@Suite("gallery usage import") struct ImportCommandTests {
  static let run = """
    {"type":"run","runId":"r","orgId":"org_a","userId":"ada","workflow":"w","startedAt":"2025-01-01T00:00:00Z",\
    "finishedAt":"2025-01-01T00:01:00Z","outcome":"succeeded","artifactCount":1}
    """

  static func event(_ id: String, org: String = "org_a", prompt: String = "1200", model: String = "gpt-4o") -> String {
    """
    {"type":"event","eventId":"\(id)","orgId":"\(org)","runId":"r","provider":"openai","model":"\(model)",\
    "promptTokens":\(prompt),"cachedPromptTokens":800,"completionTokens":300,"durationMs":10,"resultSize":5,\
    "createdAt":"2025-01-01T00:00:30Z"}
    """
  }

  private func folder(_ lines: [String]) throws -> ScratchFolder {
    let folder = try ScratchFolder()
    try folder.write(lines.joined(separator: "\n"), to: "usage.ndjson")
    try folder.write(CostCommandTests.liteLLM, to: "prices.json")
    let create = try GalleryCommand(
      ["tenant", "create", "--database", "g.sqlite", "--platform", "localhost", "--org", "org_a", "a"], in: folder)
    guard create.status == 0 else { throw RunningServer.Failure(create.errors) }
    return folder
  }

  private func load(_ folder: ScratchFolder, _ arguments: String...) throws -> GalleryCommand {
    try GalleryCommand(
      ["usage", "import", "--database", "g.sqlite", "--prices", "prices.json", "--json"] + arguments
        + ["usage.ndjson"], in: folder)
  }

  private func cost(_ folder: ScratchFolder) throws -> String {
    let report = try GalleryCommand(
      [
        "report", "--database", "g.sqlite", "--org", "org_a", "--window", "7", "--at", "2025-01-02T00:00:00Z",
        "--format", "json",
      ], in: folder)
    return report.status == 0 ? report.text : report.errors
  }

  @Test("prices by LiteLLM's file, and a second time changes nothing") func twice() throws {
    let folder = try folder([Self.run, Self.event("e1"), Self.event("e2", model: "unknown-model")])
    let first = try load(folder)
    #expect(first.status == 0, "\(first.errors)")
    let answer = JSON(try JSONSerialization.jsonObject(with: Data(first.output)))
    #expect(answer["lines"].int == 3)
    #expect(answer["runsRecorded"].int == 1)
    #expect(answer["eventsRecorded"].int == 2)
    #expect(answer["eventsUnpriced"].int == 1)
    #expect(answer["bad"].int == 0)
    #expect(try cost(folder).contains("0.005"))
    let second = try load(folder)
    #expect(second.status == 0)
    let repeated = JSON(try JSONSerialization.jsonObject(with: Data(second.output)))
    #expect(repeated["eventsRecorded"].int == 0)
    #expect(repeated["runsRecorded"].int == 0)
  }

  static let bad = [
    run, "{", event("e1"), event("e2", org: "org_unknown"), event("e3", prompt: "-1"), event("e4"), "[]",
  ]

  @Test("ends at the first bad line, unless it is told to pass them over") func badLines() throws {
    let folder = try folder(Self.bad)
    for mode in [[], ["--abort"]] {
      let run = try GalleryCommand(
        ["usage", "import", "--database", "g.sqlite"] + mode + ["usage.ndjson"], in: folder)
      #expect(run.status == 1)
      #expect(run.errors.contains("line 2"), "\(run.errors)")
      #expect(!run.errors.contains("line 4"))
    }
    let skipped = try load(folder, "--skip-bad")
    #expect(skipped.status == 0, "\(skipped.errors)")
    for line in [2, 4, 5, 7] { #expect(skipped.errors.contains("line \(line): "), "\(skipped.errors)") }
    for line in [1, 3, 6] { #expect(!skipped.errors.contains("line \(line): ")) }
    let answer = JSON(try JSONSerialization.jsonObject(with: Data(skipped.output)))
    #expect(answer["bad"].int == 4)
    #expect(answer["eventsRecorded"].int == 2)
    let both = try load(folder, "--skip-bad", "--abort")
    #expect(both.status == 64)
  }

  @Test("creates tenants for organisations that have none, where it is told to") func createTenants() throws {
    let folder = try folder([Self.event("e1", org: "org_new"), Self.event("e2")])
    let refused = try load(folder)
    #expect(refused.status == 1)
    #expect(refused.errors.contains("line 1"), "\(refused.errors)")
    let created = try load(folder, "--create-tenants", "--platform", "localhost")
    #expect(created.status == 0, "\(created.errors)")
    #expect(created.errors.contains("created 1 tenants"))
    let list = try GalleryCommand(
      ["tenant", "list", "--database", "g.sqlite", "--json"], in: folder)
    #expect(list.text.contains("org_new"), "\(list.text)\(list.errors)")
    #expect(try load(folder, "--create-tenants").status == 64, "a platform is needed")
  }

  @Test("cannot read a file that is not there, and says so") func missing() throws {
    let folder = try ScratchFolder()
    let run = try GalleryCommand(["usage", "import", "--database", "g.sqlite", "none.ndjson"], in: folder)
    #expect(run.status == 1)
    #expect(run.errors.contains("none.ndjson"))
  }
}
