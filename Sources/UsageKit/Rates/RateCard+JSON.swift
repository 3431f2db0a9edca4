internal import SaaSCore

extension RateCard {
  /// Reads a rate card from JSON.
  ///
  /// ```json
  /// {
  ///   "id": "2026-05",
  ///   "providerAliases": { "azure-openai": "azure" },
  ///   "serviceTierAliases": { "batch": "batches" },
  ///   "rates": [
  ///     {
  ///       "provider": "openai",
  ///       "model": "gpt-4o",
  ///       "aliases": ["gpt-4o-latest"],
  ///       "prefixes": ["gpt-4o-2024-"],
  ///       "validFrom": "2024-08-06T00:00:00Z",
  ///       "unit": "millionTokens",
  ///       "otherServiceTiers": "unpriced",
  ///       "prices": [
  ///         { "prompt": "2.50", "cachedPrompt": "1.25", "cacheWritePrompt": "asPrompt", "completion": "10" },
  ///         { "serviceTier": "batches", "prompt": "1.25", "completion": "5" },
  ///         { "promptAbove": 128000, "prompt": "5", "completion": "20" }
  ///       ]
  ///     }
  ///   ]
  /// }
  /// ```
  ///
  /// Needed are `id`, `rates`, and in each rate `provider`, `model` and `prices`. A price is a decimal string or number,
  /// of one token unless `unit` says `millionTokens`; `asPrompt` is a price for the two parts of the prompt. A class that
  /// is left out, or null, has no price. Every service tier needs prices without `promptAbove`. A model may come several
  /// times with different `validFrom`; without it a rate has always held. A member that is not named here is an error.
  /// - Throws: ``RateCardError``, with the path of the fault.
  public init(json bytes: [UInt8]) throws(RateCardError) {
    let root: JSONValue
    do {
      root = try JSONDocument(bytes).root
    } catch {
      throw RateCardError(path: "", reason: .json(error))
    }
    try root.allowOnly(["id", "providerAliases", "serviceTierAliases", "rates"])
    var rates: [ModelRate] = []
    let id = try root.needed("id").name(RateCardID.init(_:))
    for value in try reading({ () throws(JSONShapeError) in try root.required("rates").requiredElements() }) {
      rates.append(try ModelRate(value))
    }
    try self.init(
      id: id, rates: rates,
      providerAliases: try root.names("providerAliases", ProviderName.init(_:), ProviderName.init(_:)),
      serviceTierAliases: try root.names("serviceTierAliases", ServiceTier.init(_:), ServiceTier.init(_:)))
  }
}

extension ModelRate {
  fileprivate init(_ value: JSONValue) throws(RateCardError) {
    try value.allowOnly([
      "provider", "model", "aliases", "prefixes", "validFrom", "unit", "otherServiceTiers", "prices",
    ])
    let unit = try value["unit"].map { (unit) throws(RateCardError) in try unit.word(TokenPrice.Unit.self) } ?? .token
    var prices: [Tier] = []
    for tier in try reading({ () throws(JSONShapeError) in try value.required("prices").requiredElements() }) {
      prices.append(try Tier(tier, unit: unit))
    }
    self.init(
      provider: try value.needed("provider").name(ProviderName.init(_:)),
      model: try value.needed("model").name(ModelName.init(_:)),
      aliases: try value.modelNames("aliases"), prefixes: try value.modelNames("prefixes"),
      validFrom: try value["validFrom"].map { (text) throws(RateCardError) in try text.instant() },
      otherServiceTiers: try value["otherServiceTiers"].map { (word) throws(RateCardError) in
        try word.word(OtherServiceTiers.self)
      } ?? .unpriced,
      prices: prices)
  }
}

extension ModelRate.Tier {
  fileprivate init(_ value: JSONValue, unit: TokenPrice.Unit) throws(RateCardError) {
    try value.allowOnly(["serviceTier", "promptAbove", "prompt", "cachedPrompt", "cacheWritePrompt", "completion"])
    self.init(
      serviceTier: try value["serviceTier"].map { (name) throws(RateCardError) in
        try name.name(ServiceTier.init(_:))
      },
      promptAbove: try value["promptAbove"].map { (number) throws(RateCardError) in
        try reading { () throws(JSONShapeError) in try number.requiredInt64() }
      },
      prices: TokenPrices(
        prompt: try value.price("prompt", unit: unit), cachedPrompt: try value.partPrice("cachedPrompt", unit: unit),
        cacheWritePrompt: try value.partPrice("cacheWritePrompt", unit: unit),
        completion: try value.price("completion", unit: unit)))
  }
}

/// Reads something, its fault told as that of a rate card.
private func reading<Value>(_ body: () throws(JSONShapeError) -> Value) throws(RateCardError) -> Value {
  do {
    return try body()
  } catch {
    throw RateCardError(error)
  }
}

extension JSONValue {
  fileprivate func allowOnly(_ names: Set<String>) throws(RateCardError) {
    for member in try reading({ () throws(JSONShapeError) in try requiredMembers() }) where !names.contains(member.name)
    {
      throw RateCardError(path: path, reason: .unknownMember(member.name))
    }
  }

  fileprivate func needed(_ name: String) throws(RateCardError) -> JSONValue {
    try reading { () throws(JSONShapeError) in try required(name) }
  }

  fileprivate func text() throws(RateCardError) -> String {
    try reading { () throws(JSONShapeError) in try requiredString() }
  }

  fileprivate func name<Name: Identifier>(_ make: (String) throws(IdentifierError) -> Name) throws(RateCardError)
    -> Name
  {
    let text = try text()
    do {
      return try make(text)
    } catch {
      throw RateCardError(path: path, reason: .identifier(error))
    }
  }

  fileprivate func modelNames(_ member: String) throws(RateCardError) -> [ModelName] {
    guard let list = self[member] else { return [] }
    var names: [ModelName] = []
    for element in try reading({ () throws(JSONShapeError) in try list.requiredElements() }) {
      names.append(try element.name(ModelName.init(_:)))
    }
    return names
  }

  fileprivate func names<Key: Identifier, Value: Identifier>(
    _ member: String, _ makeKey: (String) throws(IdentifierError) -> Key,
    _ makeValue: (String) throws(IdentifierError) -> Value
  ) throws(RateCardError) -> [Key: Value] {
    guard let object = self[member] else { return [:] }
    var names: [Key: Value] = [:]
    for member in try reading({ () throws(JSONShapeError) in try object.requiredMembers() }) {
      do {
        names[try makeKey(member.name)] = try member.value.name(makeValue)
      } catch let error as IdentifierError {
        throw RateCardError(path: member.value.path, reason: .identifier(error))
      } catch let error as RateCardError {
        throw error
      } catch {
        continue
      }
    }
    return names
  }

  fileprivate func word<Word: RawRepresentable & CaseIterable>(_ type: Word.Type) throws(RateCardError) -> Word
  where Word.RawValue == String {
    let text = try text()
    guard let word = Word(rawValue: text) else {
      throw RateCardError(path: path, reason: .unknownWord(text, allowed: Word.allCases.map(\.rawValue)))
    }
    return word
  }

  fileprivate func instant() throws(RateCardError) -> Timestamp {
    let text = try text()
    do {
      return try Timestamp(iso8601: text)
    } catch {
      throw RateCardError(path: path, reason: .instant(error))
    }
  }

  /// The price of a class of tokens, or nil where it is left out or null.
  fileprivate func price(_ member: String, unit: TokenPrice.Unit) throws(RateCardError) -> TokenPrice? {
    guard let value = self[member], !value.isNull else { return nil }
    guard let text = value.decimalText ?? value.string else {
      throw RateCardError(path: value.path, reason: .shape(expected: .kind(.string), found: value.kind))
    }
    do {
      return try TokenPrice(decimal: text, per: unit)
    } catch {
      throw RateCardError(path: value.path, reason: .price(error))
    }
  }

  fileprivate func partPrice(_ member: String, unit: TokenPrice.Unit) throws(RateCardError) -> TokenPrices.PartPrice? {
    if let value = self[member], value.isString("asPrompt") { return .asPrompt }
    return try price(member, unit: unit).map(TokenPrices.PartPrice.price)
  }
}
