internal import SaaSCore

/// Small numbers for repeated names.
struct NameTable<Name: Identifier> {
  /// The number that stands for no name.
  static var none: Int32 { -1 }

  private let secret: TextHashSecret
  private var names: [Name] = []
  private var index = RowIndex()
  // Most names are those of the event before.
  private var last: Int32 = -1

  init(secret: TextHashSecret) { self.secret = secret }

  /// How many names have a number.
  var count: Int { names.count }

  /// The number of a name, a new one where it has none yet.
  @inline(__always)
  mutating func number(of name: Name) -> Int32 {
    if last >= 0, names[Int(last)].text == name.text { return last }
    last = found(name)
    return last
  }

  /// The number of a name, or that of none.
  mutating func number(of name: Name?) -> Int32 {
    guard let name else { return Self.none }
    return number(of: name)
  }

  /// The name of a number, or nil for that of none.
  subscript(number: Int32) -> Name? {
    number >= 0 && Int(number) < names.count ? names[Int(number)] : nil
  }

  private mutating func found(_ name: Name) -> Int32 {
    let hash = secret.hash(name.text)
    if let row = index.row(hash: hash, where: { names[$0].text == name.text }) { return Int32(truncatingIfNeeded: row) }
    index.insert(names.count, hash: hash)
    names.append(name)
    return Int32(truncatingIfNeeded: names.count - 1)
  }
}
