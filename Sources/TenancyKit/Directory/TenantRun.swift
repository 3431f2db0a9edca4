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
    holds = hosts.holds.isEmpty ? [] : hosts.holds.filter { $0.slug != hosts.tenant.slug }
    mappings = hosts.mappings
    isPlain = holds.isEmpty && mappings.isEmpty && tenant.status == .active
    var size = 3 + tenant.slug.text.count + tenant.id.text.count + tenant.organizationID.text.count
    if !isPlain { size += 2 }
    if holds.count + mappings.count >= Int(HostEntry.countMask) { size += 4 }
    for hold in holds { size += 1 + hold.slug.text.count + 12 }
    for mapping in mappings { size += 2 + mapping.host.text.count + (mapping.serves ? 4 : 0) }
    byteCount = size
  }

  /// Writes the run to `byteCount` bytes, which the arena gave out at an offset.
  func write(to start: UnsafeMutableRawPointer, at offset: UInt32) {
    var writer = EntryWriter(next: start)
    let form =
      isPlain ? HostEntry.plainTenant : tenant.status == .active ? HostEntry.tenant : HostEntry.inactiveTenant
    writer.putNames(of: tenant, form: form)
    if !isPlain {
      let few = min(furtherCount, Int(HostEntry.countMask))
      writer.put(number: HostEntry.code(of: tenant.status) << HostEntry.statusShift | UInt16(truncatingIfNeeded: few))
      if few == Int(HostEntry.countMask) { writer.put(number: UInt32(truncatingIfNeeded: furtherCount)) }
    }
    for hold in holds {
      writer.put(HostEntry.held << 6 | writer.length(hold.slug.text))
      writer.put(hold.slug.text)
      writer.put(number: hold.until.microseconds)
      writer.put(number: offset)
    }
    let serving = tenant.status == .active ? HostEntry.active : HostEntry.halted
    for mapping in mappings {
      writer.put((mapping.serves ? serving : HostEntry.claim) << 6)
      writer.put(writer.length(mapping.host.text))
      writer.put(mapping.host.text)
      if mapping.serves { writer.put(number: offset) }
    }
  }
}

extension TenantRun {
  /// How many bytes the run of a plain tenant has; nil for one that is not active or has holds or mappings.
  @inline(__always)
  static func plainByteCount(of hosts: borrowing TenantHosts) -> Int? {
    guard hosts.tenant.status == .active, hosts.holds.isEmpty, hosts.mappings.isEmpty else { return nil }
    return 3 + hosts.tenant.slug.text.count + hosts.tenant.id.text.count + hosts.tenant.organizationID.text.count
  }

  /// Writes the run of a plain tenant.
  @inline(__always)
  static func writePlain(_ hosts: borrowing TenantHosts, to start: UnsafeMutableRawPointer) {
    var writer = EntryWriter(next: start)
    writer.putNames(of: hosts.tenant, form: HostEntry.plainTenant)
  }
}

/// Writes entries' parts one after the other.
private struct EntryWriter {
  var next: UnsafeMutableRawPointer

  /// Slugs have at most 63 bytes, hosts 253 and identifiers 255: every length fits where it is put.
  @inline(__always)
  func length(_ text: InlineText) -> UInt8 { UInt8(truncatingIfNeeded: text.count) }

  /// What every record begins with.
  @inline(__always)
  mutating func putNames(of tenant: borrowing Tenant, form: UInt8) {
    put(form << 6 | length(tenant.slug.text))
    put(tenant.slug.text)
    put(length(tenant.id.text))
    put(length(tenant.organizationID.text))
    put(tenant.id.text)
    put(tenant.organizationID.text)
  }

  @inline(__always)
  mutating func put(_ byte: UInt8) {
    next.storeBytes(of: byte, as: UInt8.self)
    next += 1
  }

  @inline(__always)
  mutating func put(_ text: InlineText) {
    text.copy(to: next)
    next += text.count
  }

  @inline(__always)
  mutating func put(number: UInt16) {
    next.storeBytes(of: number.littleEndian, as: UInt16.self)
    next += 2
  }

  @inline(__always)
  mutating func put(number: UInt32) {
    next.storeBytes(of: number.littleEndian, as: UInt32.self)
    next += 4
  }

  @inline(__always)
  mutating func put(number: Int64) {
    next.storeBytes(of: number.littleEndian, as: Int64.self)
    next += 8
  }
}
