internal import SaaSCore

/// A script that letters belong to (Unicode Standard Annex 24), as far as names are told apart by it.
public enum WritingScript: String, Sendable, Hashable, CaseIterable {
  case latin, greek, cyrillic, armenian, hebrew, arabic, syriac, thaana, devanagari, bengali, gurmukhi, gujarati, oriya,
    tamil, telugu, kannada, malayalam, sinhala, thai, lao, tibetan, myanmar, georgian, hangul, ethiopic, cherokee,
    khmer,
    mongolian, hiragana, katakana, bopomofo, han, coptic, tifinagh
  /// Any other script; two of them are not told apart.
  case other
}

extension WritingScript {
  /// The script of a scalar, or nil for what is used with many: digits, hyphens, marks that take their letter's script.
  /// - Complexity: O(log *n*) in the number of ranges
  init?(_ scalar: Unicode.Scalar) {
    switch scalar.value {
    case 0x41...0x5a, 0x61...0x7a: self = .latin
    case 0...0x7f: return nil
    default:
      let index = Self.ranges.partitioningIndex { $0.last >= scalar.value }
      if index < Self.ranges.count, Self.ranges[index].first <= scalar.value {
        guard let script = Self.ranges[index].script else { return nil }
        self = script
      } else {
        guard scalar.properties.isAlphabetic else { return nil }
        self = .other
      }
    }
  }

  private struct Range {
    let first: UInt32
    let last: UInt32
    /// Nil for letters that many scripts use.
    let script: WritingScript?
  }

  /// The blocks in which each script's letters are, in growing order. What UTS 46 maps to other letters, such as
  /// full-width and presentation forms, is left out: no name has it.
  private static let ranges: [Range] = [
    (0xaa, 0xaa, .latin), (0xb7, 0xb7, nil), (0xba, 0x2b8, .latin), (0x2b9, 0x2df, nil), (0x2e0, 0x2e4, .latin),
    (0x2ea, 0x2eb, .bopomofo), (0x2ec, 0x36f, nil), (0x370, 0x3e1, .greek), (0x3e2, 0x3ef, .coptic),
    (0x3f0, 0x3ff, .greek), (0x400, 0x52f, .cyrillic), (0x531, 0x58f, .armenian), (0x591, 0x5f4, .hebrew),
    (0x600, 0x63f, .arabic), (0x640, 0x640, nil), (0x641, 0x65f, .arabic), (0x660, 0x669, nil), (0x66a, 0x6ff, .arabic),
    (0x700, 0x74f, .syriac), (0x750, 0x77f, .arabic), (0x780, 0x7b1, .thaana), (0x860, 0x86a, .syriac),
    (0x870, 0x8ff, .arabic), (0x900, 0x963, .devanagari), (0x964, 0x965, nil), (0x966, 0x97f, .devanagari),
    (0x980, 0x9fe, .bengali), (0xa01, 0xa76, .gurmukhi), (0xa81, 0xaff, .gujarati), (0xb01, 0xb77, .oriya),
    (0xb82, 0xbfa, .tamil), (0xc00, 0xc7f, .telugu), (0xc80, 0xcf3, .kannada), (0xd00, 0xd7f, .malayalam),
    (0xd81, 0xdf4, .sinhala), (0xe01, 0xe5b, .thai), (0xe81, 0xedf, .lao), (0xf00, 0xfda, .tibetan),
    (0x1000, 0x109f, .myanmar), (0x10a0, 0x10ff, .georgian), (0x1100, 0x11ff, .hangul), (0x1200, 0x139f, .ethiopic),
    (0x13a0, 0x13fd, .cherokee), (0x1780, 0x17f9, .khmer), (0x1800, 0x18aa, .mongolian), (0x19e0, 0x19ff, .khmer),
    (0x1c80, 0x1c8a, .cyrillic), (0x1c90, 0x1cbf, .georgian), (0x1d00, 0x1d25, .latin), (0x1d26, 0x1d2a, .greek),
    (0x1d2b, 0x1d2b, .cyrillic), (0x1d2c, 0x1dbe, .latin), (0x1dbf, 0x1dbf, .greek), (0x1dc0, 0x1dff, nil),
    (0x1e00, 0x1eff, .latin), (0x1f00, 0x1fff, .greek), (0x2c60, 0x2c7f, .latin), (0x2c80, 0x2cff, .coptic),
    (0x2d00, 0x2d2d, .georgian), (0x2d30, 0x2d7f, .tifinagh), (0x2d80, 0x2ddf, .ethiopic), (0x2de0, 0x2dff, .cyrillic),
    (0x2e80, 0x3007, .han), (0x3041, 0x3096, .hiragana), (0x3099, 0x309c, nil), (0x309d, 0x309f, .hiragana),
    (0x30a1, 0x30fa, .katakana), (0x30fb, 0x30fc, nil), (0x30fd, 0x30ff, .katakana), (0x3105, 0x312f, .bopomofo),
    (0x31a0, 0x31bf, .bopomofo), (0x31f0, 0x31ff, .katakana), (0x3400, 0x9fff, .han), (0xa640, 0xa69f, .cyrillic),
    (0xa700, 0xa721, nil), (0xa722, 0xa7ff, .latin), (0xa8e0, 0xa8ff, .devanagari), (0xa9e0, 0xa9fe, .myanmar),
    (0xaa60, 0xaa7f, .myanmar), (0xab01, 0xab2e, .ethiopic), (0xab30, 0xab64, .latin), (0xab65, 0xab65, .greek),
    (0xab66, 0xab69, .latin), (0xab70, 0xabbf, .cherokee), (0xac00, 0xd7fb, .hangul), (0x1b000, 0x1b11f, .hiragana),
    (0x1b120, 0x1b122, .katakana), (0x1b150, 0x1b152, .hiragana), (0x1b164, 0x1b167, .katakana),
    (0x1df00, 0x1df2a, .latin), (0x20000, 0x323af, .han),
  ].map { Range(first: $0.0, last: $0.1, script: $0.2) }

  /// The sets of scripts that are written together (UTS 39 §5.2, "Highly Restrictive").
  private static let companies: [Set<WritingScript>] = [
    [.latin, .han, .hiragana, .katakana], [.latin, .han, .bopomofo], [.latin, .han, .hangul],
  ]

  /// Whether one honest name may have letters of all these scripts.
  static func areWrittenTogether(_ scripts: Set<WritingScript>) -> Bool {
    scripts.count < 2 || companies.contains { scripts.isSubset(of: $0) }
  }
}
