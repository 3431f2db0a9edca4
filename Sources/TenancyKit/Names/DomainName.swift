internal import Foundation
internal import SaaSCore

/// A domain as a customer typed it, made into the host that the DNS knows, with what about it may mislead a reader.
///
/// Unicode is mapped and encoded as UTS 46 says (non-transitional: `faß.de` is `xn--fa-hia.de`). What Foundation encodes
/// is checked here again: every encoded label must decode (RFC 3492) to letters that encode to itself by both, so that one
/// host has one spelling. Labels that come encoded are held to the same.
public struct DomainName: Sendable, Hashable {
  /// The host: lower case, A-labels, no trailing dot.
  public let host: HostName
  /// The host with its international labels readable; the same text for any other host.
  public let unicode: String
  /// What may mislead a reader, label by label; empty for ordinary names. It is for the caller to show or to act on.
  public let flags: [DomainNameFlag]

  /// Reads a domain.
  /// - Throws: ``DomainNameError``, with the first reason that applies.
  /// - Complexity: O(count), for up to 1 000 bytes; more are refused at once.
  public init(_ text: String) throws(DomainNameError) {
    guard text.utf8.count <= 1_000 else { throw .notAHost(.tooLong) }
    try Self.checkASCII(of: text)
    let ascii = text.utf8.allSatisfy { $0 < 0x80 } ? text : try Self.encoded(text)
    let host: HostName
    do { host = try HostName(ascii) } catch { throw .notAHost(error.reason) }
    var labels: [[Unicode.Scalar]] = []
    for label in host.rawValue.split(separator: ".") { labels.append(try Self.decoded(label)) }
    let unicode = labels.map(Self.text).joined(separator: ".")
    // Rules on the direction of writing look at the whole name, so that the whole has to encode to itself.
    guard unicode == host.rawValue || Self.systemEncoded(unicode) == host.rawValue else {
      throw DomainNameRules.refusal(of: unicode, encodedBy: Self.systemEncoded)
    }
    self.host = host
    self.unicode = unicode
    flags = labels.flatMap { DomainNameRules.flags(of: $0) }
  }

  /// ASCII that could be no host must not reach the system's encoder, which would keep or reinterpret it.
  private static func checkASCII(of text: String) throws(DomainNameError) {
    for byte in text.utf8 where byte < 0x80 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."):
        continue
      case UInt8(ascii: "["), UInt8(ascii: ":"), UInt8(ascii: "]"):
        // An address in brackets, or a port, is told as what it is.
        do { _ = try HostName(text) } catch { throw .notAHost(error.reason) }
      default: throw .notAHost(.invalidCharacter)
      }
    }
  }

  private static func encoded(_ text: String) throws(DomainNameError) -> String {
    guard let ascii = systemEncoded(text) else {
      throw DomainNameRules.refusal(of: text, encodedBy: systemEncoded)
    }
    return ascii
  }

  /// The system's encoding, or nil where it refuses the name (which it shows by escaping it instead).
  private static func systemEncoded(_ text: String) -> String? {
    var components = URLComponents()
    components.scheme = "https"
    components.host = text
    guard let host = components.encodedHost, !host.isEmpty,
      host.utf8.allSatisfy({ $0 < 0x80 && $0 != UInt8(ascii: "%") })
    else { return nil }
    return host
  }

  /// The letters of a label, which are those of the label itself where it is not encoded.
  private static func decoded(_ label: Substring) throws(DomainNameError) -> [Unicode.Scalar] {
    guard label.hasPrefix("xn--") else { return Array(label.unicodeScalars) }
    let tail = Array(label.utf8.dropFirst(4))
    guard let scalars = Punycode.decode(tail), !scalars.allSatisfy(\.isASCII), Punycode.encode(scalars) == tail,
      systemEncoded(Self.text(scalars)) == String(label)
    else { throw .notEncodedRightly(label: String(label)) }
    return scalars
  }

  private static func text(_ scalars: [Unicode.Scalar]) -> String {
    var text = String.UnicodeScalarView()
    text.append(contentsOf: scalars)
    return String(text)
  }
}

/// Why a text is not taken as a domain.
public enum DomainNameError: Error, Sendable, Hashable {
  /// It is no host name, for this reason; for international names, after its letters were mapped.
  case notAHost(HostReason)
  /// A label that begins with `xn--` is no encoding, or decodes to what is not written so.
  case notEncodedRightly(label: String)
  /// A letter or sign may not be in a domain (UTS 46), or is of a newer Unicode than the system knows.
  case disallowedCharacter(Unicode.Scalar, label: String)
  /// A label begins with a mark that belongs on a letter.
  case leadingMark(label: String)
  /// An invisible joiner stands where the letters around it do not call for one (RFC 5892, appendix A).
  case misplacedJoiner(label: String)
  /// A label mixes directions of writing in a way that would be shown in another order than it is read (RFC 5893).
  case mixedDirections(label: String)
  /// A label has hyphens in the third and fourth place, which are kept for encodings.
  case reservedHyphens(label: String)
  /// The system cannot encode the label, and it is not clear why.
  case notEncodable(label: String)
}

/// What about a domain may mislead a reader (after UTS 39); nothing of it is forbidden.
public enum DomainNameFlag: Sendable, Hashable {
  /// A label has letters of scripts that are not written together.
  case mixedScripts(label: String, scripts: Set<WritingScript>)
  /// A label looks like this one in ASCII.
  case lookalike(label: String, of: String)
  /// A label has signs that are no letters, digits or marks, such as emoji.
  case signs(label: String)
}
