internal import SaaSCore

/// A platform's domains and reserved words, and an index's secret, as the look-up reads them: bytes that never change.
// Sendable: everything is written in the initialiser and only read afterwards.
final class PlatformBytes: @unchecked Sendable {
  struct Name {
    let start: UnsafeRawPointer
    let count: Int
    /// The place in `Platform.domains`; 0 for a reserved word.
    let index: UInt16
    /// The last eight bytes of the name with a dot before it, and the eight before those, as a ``HostScan`` has a host's.
    // What belongs to one lies together: where a word and its neighbour are treated alike, the compiler puts both into a
    // vector, from which the answer takes longer to come.
    private let last: TailWord
    private let before: TailWord

    private struct TailWord {
      /// The bytes; zeros before the dot.
      let word: UInt64
      /// Which bits are of the name or its dot.
      let mask: UInt64
      /// Which bits are a letter's case.
      let letters: UInt64
    }

    init(start: UnsafeRawPointer, count: Int, index: UInt16) {
      self.start = start
      self.count = count
      self.index = index
      last = Self.tailWord(start, endingAt: count)
      before = Self.tailWord(start, endingAt: count - 8)
    }

    private static func tailWord(_ start: UnsafeRawPointer, endingAt end: Int) -> TailWord {
      var result: (word: UInt64, mask: UInt64, letters: UInt64) = (0, 0, 0)
      for place in end - 8..<end where place >= -1 {
        let byte = place < 0 ? UInt8(ascii: ".") : start.load(fromByteOffset: place, as: UInt8.self)
        let shift = UInt64(8 * (place - end + 8))
        result.word |= UInt64(byte) << shift
        result.mask |= 0xff << shift
        if byte >= UInt8(ascii: "a") { result.letters |= 0x20 << shift }
      }
      return TailWord(word: result.word, mask: result.mask, letters: result.letters)
    }

    /// What this domain is to a host, found without a branch: whether the host ends in a dot and this domain, and whether it
    /// may be this domain. Each is 1 or 0.
    @inline(__always)
    static func relation(_ name: UnsafePointer<Name>, to host: HostScan) -> (isParent: UInt64, maybeSame: UInt64) {
      let count = name.pointee.count
      let (last, before) = difference(name, from: host)
      // Sixteen bytes with the dot are compared by now.
      let isParent = NameWord.isZero(last | before)
      let maybeSame = NameWord.isZero(last | UInt64(bitPattern: Int64(host.count ^ count)))
      if !name.pointee.isShort { return (isParent & (isLongParent(name, of: host) ? 1 : 0), maybeSame) }
      return (isParent, maybeSame)
    }

    /// Bits where a host's last bytes are not this name's with a dot before it.
    @inline(__always)
    static func difference(_ name: UnsafePointer<Name>, from host: HostScan) -> (last: UInt64, before: UInt64) {
      let (last, before) = (name.pointee.last, name.pointee.before)
      return (
        ((host.tail.last | last.letters) ^ last.word) & last.mask,
        ((host.tail.before | before.letters) ^ before.word) & before.mask
      )
    }

    /// Whether the name, with the dot before it, has no more bytes than are compared at once.
    var isShort: Bool { count < 16 }

    @inline(never)
    private static func isLongParent(_ name: UnsafePointer<Name>, of host: HostScan) -> Bool {
      let front = host.count - name.pointee.count
      guard front > 0 else { return false }
      return host.start.load(fromByteOffset: front - 1, as: UInt8.self) == UInt8(ascii: ".")
        && name.pointee.isSame(host.start + front)
    }

    /// Whether so many bytes as this name has are the name, but for capitals.
    func isSame(_ bytes: UnsafeRawPointer) -> Bool {
      for offset in 0..<count {
        let byte = HostSyntax.folded(bytes.load(fromByteOffset: offset, as: UInt8.self))
        if byte != start.load(fromByteOffset: offset, as: UInt8.self) { return false }
      }
      return true
    }
  }

  /// A domain that ``Name/isShort``, of which one comparison tells all. No long name of a ``HostScan`` can be the domain.
  struct ShortDomain {
    private let name: UnsafePointer<Name>

    init?(_ name: UnsafePointer<Name>) {
      guard name.pointee.isShort else { return nil }
      self.name = name
    }

    /// How many bytes the domain has with the dot before it.
    @inline(__always)
    var dottedCount: Int { name.pointee.count &+ 1 }

    /// Whether a host ends in a dot and this domain.
    @inline(__always)
    func isParent(of host: HostScan) -> Bool {
      let (last, before) = Name.difference(name, from: host)
      return last | before == 0
    }
  }

  let platform: Platform
  /// The domains, longest first, so that the first one that fits wins.
  let domains: UnsafeMutablePointer<Name>
  let domainCount: Int
  /// The platform's first domain, if it is a short one and no other is under it: a host that is under this one is under no
  /// other that would win.
  let usualDomain: ShortDomain?
  let reserved: UnsafeMutablePointer<Name>
  let reservedCount: Int
  /// The hashes of the reserved words as labels, in their order.
  let reservedHashes: UnsafeMutablePointer<UInt64>
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
    usualDomain = Self.usualDomain(of: platform, self.domains, domainNames.count)
    self.reserved = Self.copy(reservedNames)
    reservedCount = reservedNames.count
    self.secret = Self.copy(HostHasher.words(of: secret))
    let hasher = HostHasher(secret: UnsafePointer(self.secret))
    reservedHashes = Self.copy(reservedNames.map { hasher.hash($0.start, count: $0.count, in: .label) })
  }

  private static func copy<Element>(_ elements: [Element]) -> UnsafeMutablePointer<Element> {
    let pointer = UnsafeMutablePointer<Element>.allocate(capacity: max(elements.count, 1))
    pointer.initialize(from: elements, count: elements.count)
    return pointer
  }

  deinit {
    domains.deallocate()
    reserved.deallocate()
    reservedHashes.deallocate()
    secret.deallocate()
    bytes.deallocate()
  }

  private static func usualDomain(
    of platform: Platform, _ domains: UnsafeMutablePointer<Name>, _ count: Int
  ) -> ShortDomain? {
    guard let first = platform.domains.first?.rawValue,
      !platform.domains.contains(where: { $0.rawValue.hasSuffix("." + first) })
    else { return nil }
    return (0..<count).first { domains[$0].index == 0 }.flatMap { ShortDomain(domains + $0) }
  }

  /// How long the one label is that a host is under a platform domain, slug or not; nil for any other host.
  func labelCount(ofHost host: UnsafeRawPointer, _ count: Int) -> Int? {
    for index in 0..<domainCount {
      let front = count - domains[index].count - 1
      guard front >= -1, domains[index].isSame(host + (front + 1)) else { continue }
      if front == -1 { return nil }
      guard host.load(fromByteOffset: front, as: UInt8.self) == UInt8(ascii: ".") else { continue }
      for place in 0..<front where host.load(fromByteOffset: place, as: UInt8.self) == UInt8(ascii: ".") {
        return nil
      }
      return front > 0 ? front : nil
    }
    return nil
  }

  /// Whether a label, whose hash is given, is a reserved word.
  func isReserved(_ label: UnsafeRawPointer, _ count: Int, hash: UInt64) -> Bool {
    for index in 0..<reservedCount where reservedHashes[index] == hash {
      if reserved[index].count == count, reserved[index].isSame(label) { return true }
    }
    return false
  }
}
