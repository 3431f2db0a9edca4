internal import SaaSCore

/// The suffixes under which others than one owner register names, in the public list's own format.
///
/// The host application passes the file of publicsuffix.org, and a newer one when there is one. Private suffixes, such as
/// those under which hosting services give out names, count as well. Rules that are not ASCII are read as their A-labels.
public struct PublicSuffixList: Sendable {
  /// What the rules say on one name.
  private struct Rules: OptionSet {
    let rawValue: UInt8
    /// The name is a suffix.
    static let exact = Rules(rawValue: 1)
    /// Every name one label longer is one.
    static let wildcard = Rules(rawValue: 2)
    /// The name is none, although a wildcard says so.
    static let exception = Rules(rawValue: 4)
  }

  private let rules: [String: Rules]
  private let ruleCount: Int

  /// Why a file is not such a list. A list that is read in part would let public suffixes be claimed.
  public enum FormatError: Error, Sendable, Hashable {
    /// This line, counted from 1, is no rule.
    case invalidRule(line: Int)
    /// There is not one rule in it.
    case noRules
  }

  /// Reads a list: UTF-8 lines; a rule is what stands before the first white space; lines that are empty or begin with
  /// `//` are skipped.
  /// - Throws: ``FormatError``
  /// - Complexity: O(count)
  public init(file: [UInt8]) throws(FormatError) {
    var rules: [String: Rules] = [:]
    var count = 0
    var number = 0
    for line in file.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      number += 1
      let text = line.drop(while: Self.isSpace).prefix { !Self.isSpace($0) }
      if text.isEmpty || text.starts(with: "//".utf8) { continue }
      guard let (name, kind) = Self.rule(text) else { throw .invalidRule(line: number) }
      rules[name, default: []].insert(kind)
      count += 1
    }
    guard count > 0 else { throw .noRules }
    self.rules = rules
    ruleCount = count
  }

  /// Reads a list from text; see ``init(file:)``.
  /// - Throws: ``FormatError``
  public init(_ text: String) throws(FormatError) { try self.init(file: Array(text.utf8)) }

  /// How many rules there are.
  public var count: Int { ruleCount }

  /// The public suffix of a host: the longest rule wins, an exception beats all, and where there is no rule it is the last
  /// label.
  /// - Complexity: O(count) in the host's bytes, at most 127 look-ups
  public func suffix(of host: HostName) -> HostName {
    let labels = host.rawValue.split(separator: ".")
    let names = labels.indices.map { labels[$0...].joined(separator: ".") }
    let kinds = names.map { rules[$0] ?? [] }
    var index = names.count - 1
    if let exception = kinds.firstIndex(where: { $0.contains(.exception) }) {
      index = min(exception + 1, index)
    } else if let longest = kinds.indices.first(where: { at in
      kinds[at].contains(.exact) || (at + 1 < kinds.count && kinds[at + 1].contains(.wildcard))
    }) {
      index = longest
    }
    // A host has at least one label, and its end is a host as well.
    guard names.indices.contains(index), let suffix = try? HostName(names[index]) else { return host }
    return suffix
  }

  /// Whether a host is a public suffix itself, so that it belongs to nobody in particular.
  public func isPublicSuffix(_ host: HostName) -> Bool { suffix(of: host) == host }

  /// The name that was registered, one label longer than the suffix; nil where the host is a suffix itself.
  public func registeredName(of host: HostName) -> HostName? {
    let suffixCount = suffix(of: host).text.count
    let bytes = host.text.bytes
    guard suffixCount < bytes.count else { return nil }
    let front = bytes.dropLast(suffixCount + 1)
    let start = front.lastIndex(of: UInt8(ascii: ".")).map { $0 + 1 } ?? 0
    return try? HostName(String(decoding: bytes[start...], as: UTF8.self))
  }

  private static func rule(_ text: some Collection<UInt8>) -> (String, Rules)? {
    if text.first == UInt8(ascii: "!") { return name(text.dropFirst()).map { ($0, .exception) } }
    if text.starts(with: "*.".utf8) { return name(text.dropFirst(2)).map { ($0, .wildcard) } }
    // The rule `*` is the one that holds where there is none.
    if text.elementsEqual("*".utf8) { return ("", .wildcard) }
    return name(text).map { ($0, .exact) }
  }

  private static func name(_ bytes: some Collection<UInt8>) -> String? {
    let text = String(decoding: bytes, as: UTF8.self)
    if let host = try? HostName(text) { return host.rawValue }
    return (try? DomainName(text))?.host.rawValue
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
}
