/// Writes HTML in which nothing that was not written here can become markup.
///
/// Elements and attribute names are the caller's own literals (`StaticString`); every text and every attribute's value is
/// escaped as the HTML Standard, §13.3 has it, with what HTML cannot hold at all (control characters, noncharacters)
/// replaced by U+FFFD.
struct HTMLWriter {
  /// What was written.
  private(set) var html = ""

  /// Writes an element with what is inside it.
  mutating func element(
    _ name: StaticString, _ attributes: [Attribute] = [], _ content: (inout HTMLWriter) -> Void
  ) {
    tag(name, attributes)
    content(&self)
    html += "</"
    html += name.description
    html += ">"
  }

  /// Writes an element that holds one text.
  mutating func element(_ name: StaticString, _ attributes: [Attribute] = [], text: String) {
    element(name, attributes) { $0.text(text) }
  }

  /// Writes an element that has no end tag.
  mutating func void(_ name: StaticString, _ attributes: [Attribute] = []) { tag(name, attributes) }

  /// Writes a name that somebody chose: isolated, so that its direction does not turn what stands beside it, cut where it
  /// is longer than anyone reads, and with places where a line may end.
  mutating func name(_ text: String, limit: Int = 120) {
    let shown = Self.clipped(text, to: limit)
    element("bdi", shown.count < text.count ? [.title(Self.clipped(text, to: 1_000))] : []) { name in
      var rest = shown[...]
      while let place = rest.firstIndex(where: { "@._".contains($0) }) {
        // An address breaks at its signs before it breaks within a word.
        name.text(String(rest[...place]))
        name.void("wbr")
        rest = rest[rest.index(after: place)...]
      }
      name.text(String(rest))
    }
  }

  /// Writes a text.
  mutating func text(_ text: String) { html += Self.escaped(text) }

  /// Writes markup of this module's own.
  mutating func raw(_ markup: StaticString) { html += markup.description }

  private mutating func tag(_ name: StaticString, _ attributes: [Attribute]) {
    html += "<"
    html += name.description
    for attribute in attributes {
      html += " "
      html += attribute.name.description
      html += "=\""
      html += Self.escaped(attribute.value)
      html += "\""
    }
    html += ">"
  }

  /// One attribute of an element.
  struct Attribute {
    let name: StaticString
    let value: String

    init(_ name: StaticString, _ value: String) {
      self.name = name
      self.value = value
    }

    static func `class`(_ value: String) -> Attribute { Attribute("class", value) }
    static func id(_ value: String) -> Attribute { Attribute("id", value) }
    static func title(_ value: String) -> Attribute { Attribute("title", value) }
    static func href(_ value: String) -> Attribute { Attribute("href", value) }
  }

  /// At most so many characters of a text that somebody chose, with an ellipsis where some are left out, and with what
  /// would turn the order of the characters after it replaced.
  static func clipped(_ text: String, to limit: Int = 120) -> String {
    guard let end = text.index(text.startIndex, offsetBy: limit, limitedBy: text.endIndex), end < text.endIndex else {
      return ordered(text)
    }
    return ordered(text[..<end]) + "…"
  }

  /// A text that somebody chose, to stand within a sentence: ``clipped(_:to:)`` between FIRST STRONG ISOLATE and POP
  /// DIRECTIONAL ISOLATE (UAX #9, §2.4.2).
  static func isolated(_ text: String) -> String { "\u{2068}" + clipped(text) + "\u{2069}" }

  /// The text without embeddings, overrides and isolates (UAX #9, §2), which names have no need of and lies are told by.
  private static func ordered(_ text: some StringProtocol) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      let turns = (0x202a...0x202e).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
      result.append(turns ? "\u{fffd}" : scalar)
    }
    return String(result)
  }

  /// A text as it may stand between tags and in a quoted attribute.
  static func escaped(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      default: result.unicodeScalars.append(isForbidden(scalar) ? "\u{fffd}" : scalar)
      }
    }
    return result
  }

  /// What a document must not hold: control characters (Cc) and noncharacters.
  private static func isForbidden(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0..<0x20, 0x7f...0x9f, 0xfdd0...0xfdef: true
    default: scalar.value & 0xfffe == 0xfffe
    }
  }
}
