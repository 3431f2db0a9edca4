import Foundation
import SaaSCore
import TenancyKit

/// A generated directory and its requests, read from a folder.
struct DirectoryData {
  let platform: Platform
  let tenantCount: Int
  let customCount: Int
  /// The names' and identifiers' own bytes: slugs, custom domains, tenants' and organisations' IDs.
  let payloadBytes: Int
  let zipf: Requests
  let uniform: Requests
  private let folder: String

  var hostCount: Int { tenantCount + customCount }

  init(folder: String) throws {
    self.folder = folder
    var meta: [String: String] = [:]
    for line in try String(contentsOfFile: folder + "/meta.txt", encoding: .utf8).split(separator: "\n") {
      let words = line.split(separator: " ")
      meta[String(words[0])] = String(words[1])
    }
    tenantCount = Int(meta["tenants"] ?? "") ?? 0
    customCount = Int(meta["customs"] ?? "") ?? 0
    platform = try Platform(domains: [meta["apex"] ?? "emperor.gallery"])
    zipf = try Requests(file: folder + "/zipf.bin")
    uniform = try Requests(file: folder + "/uniform.bin")
    let sizes = try ["tenants.bin", "customs.bin"].map { try Self.bytes(folder + "/" + $0).count }
    payloadBytes = sizes[0] - 3 * tenantCount + sizes[1] - 5 * customCount
  }

  static func bytes(_ path: String) throws -> [UInt8] { try Array(Data(contentsOf: URL(fileURLWithPath: path))) }

  /// The tenants as a store hands them out.
  func tenants() throws -> [TenantHosts] {
    let now = Timestamp(microseconds: 0)
    var customs: [Int: [HostName]] = [:]
    var reader = RecordReader(bytes: try Self.bytes(folder + "/customs.bin"))
    while !reader.isAtEnd {
      let host = try HostName(reader.text())
      customs[Int(reader.number()), default: []].append(host)
    }
    reader = RecordReader(bytes: try Self.bytes(folder + "/tenants.bin"))
    var tenants: [TenantHosts] = []
    tenants.reserveCapacity(tenantCount)
    while !reader.isAtEnd {
      let slug = try Slug(reader.text())
      let id = try TenantID(reader.text())
      let organization = try OrgID(reader.text())
      let tenant = Tenant(id: id, organizationID: organization, slug: slug, createdAt: now)
      let mappings = (customs[tenants.count] ?? []).map {
        DomainMapping(
          host: $0, tenantID: id, kind: .custom, state: .active, provenAt: now, createdAt: now, changedAt: now)
      }
      tenants.append(TenantHosts(tenant: tenant, holds: [], mappings: mappings))
    }
    return tenants
  }
}

/// Host headers' values, one after the other.
struct Requests {
  let bytes: [UInt8]
  let ends: [Int]

  init(file: String) throws {
    let packed = try DirectoryData.bytes(file)
    var bytes: [UInt8] = []
    var ends: [Int] = []
    var index = 0
    while index < packed.count {
      let count = Int(packed[index])
      bytes += packed[index + 1..<index + 1 + count]
      ends.append(bytes.count)
      index += 1 + count
    }
    self.bytes = bytes
    self.ends = ends
  }

  var count: Int { ends.count }

  func strings(_ range: Range<Int>) -> [String] { arrays(range).map { String(decoding: $0, as: UTF8.self) } }

  func arrays(_ range: Range<Int>) -> [[UInt8]] {
    range.map { index in Array(bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]]) }
  }
}

private struct RecordReader {
  let bytes: [UInt8]
  private var index = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { index >= bytes.count }

  mutating func text() -> String {
    let count = Int(bytes[index])
    defer { index += 1 + count }
    return String(decoding: bytes[index + 1..<index + 1 + count], as: UTF8.self)
  }

  mutating func number() -> UInt32 {
    defer { index += 4 }
    return bytes[index..<index + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }
}
