internal import Foundation
internal import SaaSCore
internal import TenancyKit

/// What the command says of one host.
struct HostAnswer {
  let host: ArraySlice<UInt8>
  let verdict: HostVerdict
  let tenantID: TenantID?

  /// `host<TAB>verdict<TAB>tenant or nothing<TAB>reason or nothing`, the host byte by byte as it was given.
  func appendTSV(to output: inout [UInt8]) {
    output += host
    output += "\t\(verdict.kind)\t\(tenantID?.rawValue ?? "")\t\(verdict.reason?.description ?? "")\n".utf8
  }

  /// One JSON object; a host that is not UTF-8 is repaired in it.
  var json: String {
    struct Answer: Encodable {
      let host: String
      let verdict: String
      let tenantId: String?
      let reason: String?
    }
    let answer = Answer(
      host: String(decoding: host, as: UTF8.self), verdict: verdict.kind.description, tenantId: tenantID?.rawValue,
      reason: verdict.reason?.description)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(answer)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  /// The host for people: bytes that a terminal would act upon are shown as escapes.
  var printableHost: String {
    var text = ""
    for scalar in String(decoding: host, as: UTF8.self).unicodeScalars {
      text +=
        scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) ? scalar.escaped(asASCII: true) : String(scalar)
    }
    return text
  }
}
