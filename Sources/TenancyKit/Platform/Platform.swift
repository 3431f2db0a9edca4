internal import SaaSCore

/// The platform's own domains, under which tenants have their slugs, and the words it keeps for itself.
public struct Platform: Sendable, Hashable {
  /// The domains as they were given; the first is the one in which links are written.
  public let domains: [HostName]
  /// The words under these domains that no tenant can have.
  public let reserved: ReservedWords

  /// Why a platform cannot be as asked.
  public enum ConfigurationError: Error, Sendable, Hashable {
    /// There is not one domain.
    case noDomain
    /// There are more domains than a verdict can tell apart (65 535).
    case tooManyDomains
    /// This text is not a host name.
    case invalidDomain(HostNameError)
    /// This domain was given twice.
    case repeatedDomain(HostName)
    /// This word could not be a label of a host.
    case invalidWord(String, SlugError)
  }

  /// A platform with these domains, and these words reserved besides the ones that are everywhere.
  /// - Throws: ``ConfigurationError``
  public init(domains: [String], reserving words: [String] = []) throws(ConfigurationError) {
    guard !domains.isEmpty else { throw .noDomain }
    guard domains.count <= Int(UInt16.max) else { throw .tooManyDomains }
    var names: [HostName] = []
    for domain in domains {
      let name: HostName
      do { name = try HostName(domain) } catch { throw .invalidDomain(error) }
      guard !names.contains(name) else { throw .repeatedDomain(name) }
      names.append(name)
    }
    for word in words {
      if let error = SlugError.first(in: Array(word.utf8)) { throw .invalidWord(word, error) }
    }
    self.domains = names
    do { reserved = try ReservedWords(adding: words) } catch { throw .invalidWord(words.joined(separator: " "), error) }
  }

  /// A slug that is not reserved on this platform.
  /// - Throws: ``SlugError``
  public func slug(_ string: String) throws(SlugError) -> Slug {
    let slug = try Slug(string)
    guard !reserved.contains(string) else { throw .reserved(word: string) }
    return slug
  }

  /// The host of a slug under the platform's first domain, or nil where it would be too long to be one.
  public func host(of slug: Slug) -> HostName? { domains.first?.prefixed(by: slug) }

  /// What a well-formed host is to this platform, before any tenant is looked at.
  public func classify(_ host: HostName) -> HostClass {
    let bytes = host.text.bytes
    // Where domains nest, the longest one that fits wins.
    var best: (index: Int, count: Int)?
    for (index, domain) in domains.enumerated() {
      let suffix = domain.text.bytes
      guard bytes.count >= suffix.count, bytes.suffix(suffix.count).elementsEqual(suffix) else { continue }
      guard bytes.count == suffix.count || bytes[bytes.count - suffix.count - 1] == UInt8(ascii: ".") else { continue }
      if best.map({ $0.count < suffix.count }) ?? true { best = (index, suffix.count) }
    }
    guard let best else { return .elsewhere }
    guard bytes.count > best.count else { return .platform(best.index) }
    let front = Array(bytes.prefix(bytes.count - best.count - 1))
    if front.contains(UInt8(ascii: ".")) { return .deeper(best.index) }
    let label = String(decoding: front, as: UTF8.self)
    if reserved.contains(label) { return .reserved(best.index) }
    return .label(best.index, try? Slug(label))
  }
}

/// What a host is to a platform, by its name alone. Numbers are places in ``Platform/domains``.
public enum HostClass: Sendable, Hashable {
  /// A platform domain itself.
  case platform(Int)
  /// One label under a platform domain that is reserved.
  case reserved(Int)
  /// One other label under a platform domain, and the slug that it is, or nil where it cannot be one.
  case label(Int, Slug?)
  /// More than one label under a platform domain.
  case deeper(Int)
  /// Another host.
  case elsewhere
}
