/// Why a name cannot be encoded, and what about one that can may mislead.
enum DomainNameRules {
  // MARK: Refusals

  /// The most telling reason why a name is not encoded.
  static func refusal(of name: String, encodedBy encode: (String) -> String?) -> DomainNameError {
    let labels = name.unicodeScalars.split(omittingEmptySubsequences: false, whereSeparator: isDot).map(Array.init)
    if labels.contains(where: \.isEmpty) { return .notAHost(.emptyLabel) }
    var last = name
    for label in labels where !label.allSatisfy(\.isASCII) {
      let text = text(label)
      last = text
      if encode(text) == nil { return refusal(ofLabel: label, text) }
    }
    for label in labels where label.starts(with: "xn--".unicodeScalars) && label.allSatisfy(\.isASCII) {
      if Punycode.decode(text(label).utf8.dropFirst(4)) == nil { return .notEncodedRightly(label: text(label)) }
    }
    // Each label is right by itself, so that only what the labels are to each other is wrong.
    let isRightToLeft = labels.joined().contains(where: isRightToLeft)
    return isRightToLeft ? .mixedDirections(label: last) : .notEncodable(label: last)
  }

  private static func refusal(ofLabel label: [Unicode.Scalar], _ text: String) -> DomainNameError {
    if label.first == "-" || label.last == "-" { return .notAHost(.hyphenAtEdge) }
    if label.allSatisfy(\.properties.isDefaultIgnorableCodePoint) { return .notAHost(.emptyLabel) }
    if text.lowercased().hasPrefix("xn--") { return .notEncodedRightly(label: text) }
    if label.count > 3, label[2] == "-", label[3] == "-" { return .reservedHyphens(label: text) }
    if let first = label.first, isMark(first) { return .leadingMark(label: text) }
    if let wrong = label.first(where: isNeverAllowed) { return .disallowedCharacter(wrong, label: text) }
    if label.contains(where: { $0.value == 0x200c || $0.value == 0x200d }) { return .misplacedJoiner(label: text) }
    if label.contains(where: isRightToLeft) { return .mixedDirections(label: text) }
    // With `xn--` in front.
    let isTooLong = Punycode.encode(label).map { $0.count + 4 > HostSyntax.maximumLabelCount } ?? true
    return isTooLong ? .notAHost(.labelTooLong) : .notEncodable(label: text)
  }

  private static func isNeverAllowed(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .unassigned, .privateUse, .surrogate, .control, .spaceSeparator, .lineSeparator, .paragraphSeparator: true
    case .format: scalar.value != 0x200c && scalar.value != 0x200d
    default: false
    }
  }

  /// The dots that UTS 46 takes for one.
  private static func isDot(_ scalar: Unicode.Scalar) -> Bool {
    [0x2e, 0x3002, 0xff0e, 0xff61].contains(scalar.value)
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark: true
    default: false
    }
  }

  /// Whether a scalar is in a block of a script that runs from right to left, or is an Arabic digit.
  private static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x590...0x8ff, 0xfb1d...0xfdff, 0xfe70...0xfeff, 0x10800...0x10fff, 0x1e800...0x1efff: true
    default: false
    }
  }

  // MARK: Flags

  /// What about a label, decoded, may mislead a reader.
  static func flags(of label: [Unicode.Scalar]) -> [DomainNameFlag] {
    guard !label.allSatisfy(\.isASCII) else { return [] }
    let text = text(label)
    var flags: [DomainNameFlag] = []
    let scripts = Set(label.compactMap { WritingScript($0) })
    if !WritingScript.areWrittenTogether(scripts) { flags.append(.mixedScripts(label: text, scripts: scripts)) }
    if let imitated = Lookalikes.imitation(by: label) { flags.append(.lookalike(label: text, of: imitated)) }
    if label.contains(where: isSign) { flags.append(.signs(label: text)) }
    return flags
  }

  private static func isSign(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .otherSymbol, .mathSymbol, .currencySymbol, .modifierSymbol: true
    case .otherPunctuation: scalar.value != 0xb7 && scalar.value != 0x30fb
    default: false
    }
  }

  private static func text(_ scalars: [Unicode.Scalar]) -> String {
    var view = String.UnicodeScalarView()
    view.append(contentsOf: scalars)
    return String(view)
  }
}
