internal import SaaSCore

/// A place in a catalogue's JSON text, whose every complaint names the path.
struct CatalogReader {
  let value: JSONValue

  init(_ value: JSONValue) { self.value = value }

  var path: String { value.path }

  /// Refuses an object with a name that is not among those allowed.
  func checkNames(_ allowed: [String]) throws(PlanCatalogError) {
    for (name, element) in try members() where !allowed.contains(name) {
      throw PlanCatalogError(path: element.path, .unknownName(name))
    }
  }

  func member(_ name: String) throws(PlanCatalogError) -> CatalogReader {
    CatalogReader(try shape { () throws(JSONShapeError) in try value.required(name) })
  }

  /// The member, or nil where it is missing or null.
  func optional(_ name: String) throws(PlanCatalogError) -> CatalogReader? {
    guard let member = value[name], !member.isNull else { return nil }
    return CatalogReader(member)
  }

  func elements() throws(PlanCatalogError) -> [CatalogReader] {
    try shape { () throws(JSONShapeError) in try value.requiredElements().map { CatalogReader($0) } }
  }

  func members() throws(PlanCatalogError) -> [(String, CatalogReader)] {
    try shape { () throws(JSONShapeError) in
      try value.requiredMembers().map { ($0.name, CatalogReader($0.value)) }
    }
  }

  func string() throws(PlanCatalogError) -> String {
    try shape { () throws(JSONShapeError) in try value.requiredString() }
  }

  func flag() throws(PlanCatalogError) -> Bool {
    try shape { () throws(JSONShapeError) in try value.requiredBool() }
  }

  func int64(in range: ClosedRange<Int64>) throws(PlanCatalogError) -> Int64 {
    let number = try shape { () throws(JSONShapeError) in try value.requiredInt64() }
    if number < range.lowerBound { throw PlanCatalogError(path: path, .numberTooSmall(minimum: range.lowerBound)) }
    if number > range.upperBound { throw PlanCatalogError(path: path, .numberTooLarge(maximum: range.upperBound)) }
    return number
  }

  func identifier<ID: Identifier>(_ type: ID.Type) throws(PlanCatalogError) -> ID {
    let text = try string()
    return try wrap { () throws(IdentifierError) in try ID(text) }
  }

  func wrap<Result>(_ body: () throws(IdentifierError) -> Result) throws(PlanCatalogError) -> Result {
    do {
      return try body()
    } catch {
      throw PlanCatalogError(path: path, .identifier(error))
    }
  }

  func word(among allowed: [String]) throws(PlanCatalogError) -> String {
    let text = try string()
    guard allowed.contains(text) else { throw PlanCatalogError(path: path, .unknownWord(text, allowed: allowed)) }
    return text
  }

  func word<Word: RawRepresentable & CaseIterable>(_ type: Word.Type) throws(PlanCatalogError) -> Word
  where Word.RawValue == String {
    let text = try string()
    guard let word = Word(rawValue: text) else {
      throw PlanCatalogError(path: path, .unknownWord(text, allowed: Word.allCases.map(\.rawValue)))
    }
    return word
  }

  /// A whole number of runs or tokens, or a decimal string of dollars as pico-dollars.
  func amount(of metric: LimitMetric, minimum: Int64) throws(PlanCatalogError) -> Int64 {
    guard metric == .cost else { return try int64(in: minimum...Int64.max) }
    let text = try string()
    guard let cost = try? PicoUSD(decimal: text) else { throw PlanCatalogError(path: path, .amount(text)) }
    guard cost.picos >= minimum else { throw PlanCatalogError(path: path, .numberTooSmall(minimum: minimum)) }
    return cost.picos
  }

  func feature() throws(PlanCatalogError) -> FeatureValue {
    switch value.kind {
    case .boolean: return .flag(try flag())
    case .number: return .number(try int64(in: Int64.min...Int64.max))
    case .array:
      var words: [String] = []
      for element in try elements() { words.append(try element.string()) }
      return .list(words)
    default: return .text(try string())
    }
  }

  private func shape<Result>(_ body: () throws(JSONShapeError) -> Result) throws(PlanCatalogError) -> Result {
    do {
      return try body()
    } catch {
      throw PlanCatalogError(path: error.path, .shape(error.expected, found: error.found))
    }
  }
}
