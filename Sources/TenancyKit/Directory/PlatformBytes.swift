internal import SaaSCore

/// A platform's domains and reserved words, and an index's secret, as the look-up reads them: bytes that never change.
// Sendable: everything is written in the initialiser and only read afterwards.
final class PlatformBytes: @unchecked Sendable {
  struct Name {
    let start: UnsafeRawPointer
    let count: Int
    /// The place in `Platform.domains`; 0 for a reserved word.
    let index: UInt16
  }

  let platform: Platform
  /// The domains, longest first, so that the first one that fits wins.
  let domains: UnsafeMutablePointer<Name>
  let domainCount: Int
  let reserved: UnsafeMutablePointer<Name>
  let reservedCount: Int
  let secret: UnsafeMutablePointer<UInt64>
  private let bytes: UnsafeMutableRawPointer

  init(_ platform: Platform, secret: HostHashSecret) {
    self.platform = platform
    let domains = platform.domains.enumerated().sorted { $0.element.text.count > $1.element.text.count }
    let reserved = platform.reserved.words.sorted().map { Array($0.utf8) }
    // Sixteen bytes of slack after each name, because names are compared by whole words.
    let size =
      domains.reduce(0) { $0 + $1.element.text.count + 16 } + reserved.reduce(0) { $0 + $1.count + 16 }
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 8)
    bytes.initializeMemory(as: UInt8.self, repeating: 0, count: size)
    var next = bytes
    func place(_ name: [UInt8], _ index: Int) -> Name {
      next.copyMemory(from: name, byteCount: name.count)
      defer { next += name.count + 16 }
      return Name(start: UnsafeRawPointer(next), count: name.count, index: UInt16(truncatingIfNeeded: index))
    }
    let domainNames = domains.map { place($0.element.text.bytes, $0.offset) }
    let reservedNames = reserved.map { place($0, 0) }
    self.bytes = bytes
    self.domains = Self.copy(domainNames)
    domainCount = domainNames.count
    self.reserved = Self.copy(reservedNames)
    reservedCount = reservedNames.count
    self.secret = Self.copy(secret.words)
  }

  private static func copy<Element>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
    let pointer = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
    pointer.initialize(from: elements, count: elements.count)
    return pointer
  }

  deinit {
    domains.deallocate()
    reserved.deallocate()
    secret.deallocate()
    bytes.deallocate()
  }

  /// Whether a label is a reserved word.
  @inline(__always)
  func isReserved(_ label: UnsafeRawPointer, _ count: Int) -> Bool {
    for index in 0..<reservedCount {
      let word = reserved[index]
      if word.count == count, HostEntry.same(word.start, label, count) { return true }
    }
    return false
  }
}
