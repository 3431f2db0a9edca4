import Testing

@Suite("gallery resolve") struct ResolveCommandTests {
  private func resolve(
    _ directory: String, _ hosts: [UInt8], platforms: [String] = ["emperor.gallery"]
  ) throws -> GalleryCommand {
    let folder = try ScratchFolder()
    try folder.write(directory, to: "directory.tsv")
    try folder.write(hosts, to: "hosts.txt")
    return try GalleryCommand(
      ["resolve", "--directory", "directory.tsv", "--file", "hosts.txt", "--tsv"]
        + platforms.flatMap { ["--platform", $0] }, in: folder)
  }

  @Test("says every verdict and reason, line by line, in the order of the hosts") func verdicts() throws {
    // Lines that build on others come first.
    let directory = """
      suspended\tt-2
      inactive\told.customer.com\tt-1
      hold\tgiven-up\tt-1
      hold\ttaken-back\tt-1
      domain\twww.customer.com\tt-1
      slug\tteam-a\tt-1
      slug\ttaken-back\tt-3
      slug\tteam-b\tt-2

      domain\tonly.example\tt-4
      """
    let expected = [
      "team-a.emperor.gallery\ttenant\tt-1\t", "TEAM-A.Emperor.Gallery.:8080\ttenant\tt-1\t",
      "team-a.localhost\ttenant\tt-1\t", "www.customer.com\ttenant\tt-1\t", "only.example\ttenant\tt-4\t",
      "emperor.gallery\tplatform\t\t", "localhost:80\tplatform\t\t", "www.emperor.gallery\treserved\t\treserved",
      "given-up.emperor.gallery\tmoved\tt-1\t", "taken-back.emperor.gallery\ttenant\tt-3\t",
      "team-b.emperor.gallery\tsuspended\tt-2\t", "nobody.emperor.gallery\tnot-found\t\tnoSuchTenant",
      "old.customer.com\tnot-found\t\tdomainNotActive", "other.com\tnot-found\t\tnoSuchDomain",
      "a.b.emperor.gallery\tnot-found\t\ttooManyLabels", "x--y.emperor.gallery\tnot-found\t\tinvalidSlug",
      "team-a.emperor.gallery.evil.com\tnot-found\t\tnoSuchDomain", "10.0.0.1\tnot-found\t\tipAddress",
      "team-a.emperor.gallery:99999\tnot-found\t\tinvalidPort", "a..b\tnot-found\t\temptyLabel",
    ]
    let hosts = expected.map { $0.split(separator: "\t")[0] + "\n" }.joined()
    let run = try resolve(directory, Array(hosts.utf8), platforms: ["emperor.gallery", "localhost"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.lines == expected + [""])
  }

  @Test("takes a host byte by byte up to its line feed") func bytes() throws {
    let hosts: [[UInt8]] = [
      Array("team-a.emperor.gallery\r".utf8), Array(" team-a.emperor.gallery".utf8),
      Array("team-a.emperor.gallery ".utf8), [], Array("team-a\t.emperor.gallery".utf8), [0x80, 0xff, 0x61], [0],
      Array("team-a.emperor.gallery".utf8),
    ]
    let run = try resolve("slug\tteam-a\tt-1", Array(hosts.joined(separator: [0x0a])))
    var expected: [UInt8] = []
    for (host, rest) in zip(
      hosts,
      [
        "not-found\t\tinvalidCharacter", "not-found\t\tinvalidCharacter", "not-found\t\tinvalidCharacter",
        "not-found\t\tempty", "not-found\t\tinvalidCharacter", "not-found\t\tinvalidCharacter",
        "not-found\t\tinvalidCharacter", "tenant\tt-1\t",
      ])
    {
      expected += host + Array("\t\(rest)\n".utf8)
    }
    #expect(run.status == 0)
    #expect(run.output == expected)
    #expect(try resolve("", []).output == [])
    #expect(try resolve("", [0x0a]).text == "\tnot-found\t\tempty\n")
  }

  @Test(
    "names a directory line that is not valid, and fails",
    arguments: [
      ("slug\tteam-a\tt-1\nslug\tTeam\tt-2", 2), ("slug\tteam-a", 1), ("slug\tteam-a\tt-1\textra", 1),
      ("\n\nbogus\ta\tb", 3), ("slug\twww\tt-1", 1), ("domain\tbad host\tt-1", 1), ("domain\tx.com\t", 1),
      ("slug\ta\tt-1\nslug\ta\tt-2", 2), ("domain\tx.com\tt-1\ndomain\tx.com\tt-2", 2),
      ("slug\ta\tt-1\r", 1), ("suspended", 1), ("hold\t-a\tt-1", 1), ("inactive\temperor.gallery\tt-1", 1),
      ("domain\twww.emperor.gallery\tt-1", 1), (" slug\ta\tt-1", 1),
    ])
  func invalid(directory: String, line: Int) throws {
    let run = try resolve(directory, Array("a.emperor.gallery\n".utf8))
    #expect(run.status == 1)
    #expect(run.errors.contains("line \(line): "), "\(run.errors)")
    #expect(run.output.isEmpty)
  }
}
