import TenancyKit

/// One Host header and what it is by the rules, written down from them and never from what the code answered.
struct HostRow: Sendable, CustomStringConvertible {
  let header: [UInt8]
  let kind: HostVerdict.Kind
  let reason: HostReason?
  /// The tenant's identifier, for `tenant`, `suspended` and `moved`.
  let tenant: String?
  /// The new host, for `moved`.
  let movedTo: String?

  private init(
    _ header: [UInt8], _ kind: HostVerdict.Kind, _ reason: HostReason? = nil, tenant: String? = nil,
    movedTo: String? = nil
  ) {
    self.header = header
    self.kind = kind
    self.reason = reason
    self.tenant = tenant
    self.movedTo = movedTo
  }

  /// The header as text, invalid bytes repaired.
  var text: String { String(decoding: header, as: UTF8.self) }
  /// Whether the header is what its text says, so that it can be passed as a string.
  var isText: Bool { Array(text.utf8) == header }

  var description: String { text.debugDescription }

  static func served(_ header: String, by tenant: String) -> HostRow {
    HostRow(Array(header.utf8), .tenant, tenant: tenant)
  }

  static func suspended(_ header: String, _ tenant: String) -> HostRow {
    HostRow(Array(header.utf8), .suspended, tenant: tenant)
  }

  static func moved(_ header: String, _ tenant: String, to host: String) -> HostRow {
    HostRow(Array(header.utf8), .moved, tenant: tenant, movedTo: host)
  }

  static func platform(_ header: String) -> HostRow { HostRow(Array(header.utf8), .platform) }

  static func reserved(_ header: String) -> HostRow { HostRow(Array(header.utf8), .reserved, .reserved) }

  static func not(_ reason: HostReason, _ header: String) -> HostRow { HostRow(Array(header.utf8), .notFound, reason) }

  static func not(_ reason: HostReason, bytes: [UInt8]) -> HostRow { HostRow(bytes, .notFound, reason) }
}
