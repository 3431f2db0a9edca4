internal import SaaSCore

/// A tenant's run of entries, as it is about to be written into an arena.
struct TenantRun {
  let tenant: Tenant
  let holds: [SlugHold]
  let mappings: [DomainMapping]
  let byteCount: Int

  var furtherCount: Int { holds.count + mappings.count }

  private let isPlain: Bool

  init(_ hosts: TenantHosts) {
    tenant = hosts.tenant
    // A hold of the slug that the tenant has is no hold.
    holds = hosts.holds.filter { $0.slug != hosts.tenant.slug }
    mappings = hosts.mappings
    isPlain = holds.isEmpty && mappings.isEmpty && tenant.status == .active
    var size = 1 + tenant.slug.text.count + 2 + tenant.id.text.count + tenant.organizationID.text.count
    if !isPlain { size += 2 }
    if holds.count + mappings.count >= Int(HostEntry.countMask) { size += 4 }
    for hold in holds { size += 1 + hold.slug.text.count + 12 }
    for mapping in mappings { size += 2 + mapping.host.text.count + (mapping.serves ? 4 : 0) }
    byteCount = size
  }

  /// Writes the run to `byteCount` bytes, which the arena gave out at an offset.
  func write(to start: UnsafeMutableRawPointer, at offset: UInt32) {
    var next = start
    func put(_ byte: UInt8) {
      next.storeBytes(of: byte, as: UInt8.self)
      next += 1
    }
    func put(_ text: InlineText) {
      for index in 0..<text.count { put(text.byte(at: index) ?? 0) }
    }
    func put(number: some FixedWidthInteger) {
      next.storeBytes(of: number.littleEndian, as: type(of: number))
      next += number.bitWidth / 8
    }
    // Slugs have at most 63 bytes, hosts 253 and identifiers 255: every length fits where it is put.
    func length(_ text: InlineText) -> UInt8 { UInt8(truncatingIfNeeded: text.count) }

    put((isPlain ? HostEntry.plainTenant : HostEntry.tenant) << 6 | length(tenant.slug.text))
    put(tenant.slug.text)
    if !isPlain {
      let few = min(furtherCount, Int(HostEntry.countMask))
      put(number: HostEntry.code(of: tenant.status) << HostEntry.statusShift | UInt16(truncatingIfNeeded: few))
      if few == Int(HostEntry.countMask) { put(number: UInt32(truncatingIfNeeded: furtherCount)) }
    }
    put(length(tenant.id.text))
    put(tenant.id.text)
    put(length(tenant.organizationID.text))
    put(tenant.organizationID.text)
    for hold in holds {
      put(HostEntry.held << 6 | length(hold.slug.text))
      put(hold.slug.text)
      put(number: hold.until.microseconds)
      put(number: offset)
    }
    for mapping in mappings {
      put((mapping.serves ? HostEntry.active : HostEntry.claim) << 6)
      put(length(mapping.host.text))
      put(mapping.host.text)
      if mapping.serves { put(number: offset) }
    }
  }
}
