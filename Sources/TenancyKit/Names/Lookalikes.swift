/// Letters that most readers take for ASCII ones.
///
/// It is a choice of those that imitations of names are made of (UTS 39 §4 has the idea of a skeleton), not a full list:
/// a name that is not flagged may still mislead.
enum Lookalikes {
  private static let table: [Unicode.Scalar: Character] = {
    let pairs: [(String, String)] = [
      // Cyrillic
      ("аӓӑ", "a"), ("ьҍ", "b"), ("сҫ", "c"), ("ԁ", "d"), ("еёҽӗ", "e"), ("ғ", "f"), ("ԍ", "g"), ("һн", "h"),
      ("іїӏ", "i"),
      ("ј", "j"), ("кқ", "k"), ("м", "m"), ("п", "n"), ("оӧө", "o"), ("рҏ", "p"), ("ԛ", "q"), ("г", "r"), ("ѕ", "s"),
      ("т", "t"), ("ц", "u"), ("ѵѷ", "v"), ("ԝшѡ", "w"), ("хҳ", "x"), ("уүў", "y"), ("з", "3"), ("б", "6"),
      // Greek
      ("αά", "a"), ("β", "b"), ("ϲ", "c"), ("εέ", "e"), ("ϝ", "f"), ("ηή", "n"), ("ιίϊΐ", "i"), ("ϳ", "j"), ("κ", "k"),
      ("μ", "u"), ("νυύϋ", "v"), ("οόσ", "o"), ("ρ", "p"), ("τ", "t"), ("ωώ", "w"), ("χ", "x"), ("γ", "y"), ("ζ", "z"),
      // Armenian
      ("օ", "o"), ("ո", "n"), ("ս", "u"), ("հ", "h"), ("ցգ", "g"), ("զ", "q"), ("յ", "j"), ("ք", "p"), ("լ", "l"),
      ("ա", "w"),
      ("ռ", "n"), ("ե", "t"), ("ի", "h"), ("տ", "m"),
      // Latin letters beyond ASCII
      ("ɑ", "a"), ("ƅ", "b"), ("ɗđ", "d"), ("ɡ", "g"), ("ıɩ", "i"), ("ɭƚł", "l"), ("ɱ", "m"), ("ɴŋ", "n"), ("ɵøơ", "o"),
      ("ʀɾ", "r"),
      ("ʂ", "s"), ("ŧ", "t"), ("ʋ", "v"), ("ɯ", "w"), ("ʏ", "y"), ("ʐ", "z"),
      // Cherokee (in the form that case folding gives)
      ("Ꭰ", "d"), ("Ꭱ", "r"), ("Ꭲ", "t"), ("Ꭵ", "i"), ("Ꭺ", "a"), ("Ꭻ", "j"), ("Ꭼ", "e"), ("Ꮃ", "w"), ("Ꮇ", "m"),
      ("Ꮋ", "h"),
      ("Ꮐ", "g"), ("Ꮓ", "z"), ("Ꮖ", "i"), ("Ꮮ", "l"), ("Ꮯ", "c"), ("Ꮲ", "p"), ("Ꮶ", "k"), ("Ꮪ", "s"), ("Ꮩ", "v"),
      ("Ᏼ", "b"),
    ]
    var table: [Unicode.Scalar: Character] = [:]
    for (letters, ascii) in pairs {
      for scalar in letters.unicodeScalars { table[scalar] = ascii.first }
    }
    return table
  }()

  /// The ASCII label that a label looks like, or nil where it has a letter that looks like none, or is ASCII itself.
  static func imitation(by label: [Unicode.Scalar]) -> String? {
    guard !label.allSatisfy(\.isASCII) else { return nil }
    var result = ""
    for scalar in label {
      if scalar.isASCII {
        result.unicodeScalars.append(scalar)
      } else if let letter = table[scalar] {
        result.append(letter)
      } else if scalar.properties.generalCategory != .nonspacingMark {
        return nil
      }
    }
    return result
  }
}
