internal import SaaSCore

// A record has dozens of places, and is written with each event: they are stored as one text each. They were objects once,
// with a member for each property, and are read as such, too.

extension SubscriptionRecord.Place: Codable {
  /// The instant in microseconds since 1970, a space, and the identifier.
  fileprivate var text: String { "\(at.microseconds) \(id)" }

  /// Writes the same as a part of a text.
  fileprivate func put(to text: inout JSONText) {
    text.put(at.microseconds)
    text.characters(" ")
    text.characters(id)
  }

  init(text: some StringProtocol) throws {
    guard let space = text.firstIndex(of: " "), let microseconds = Int64(text[..<space]) else { throw NoPlace() }
    self.init(at: Timestamp(microseconds: microseconds), id: String(text[text.index(after: space)...]))
  }

  private struct NoPlace: Error {}

  private enum Field: String, CodingKey { case at, id }

  init(from decoder: any Decoder) throws {
    guard let fields = decoder.formerFields(Field.self) else {
      self = try decoder.value(ofText: "not an instant and an identifier") { text in try Self(text: text) }
      return
    }
    self.init(at: try fields.decode(Timestamp.self, forKey: .at), id: try fields.decode(String.self, forKey: .id))
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

extension SubscriptionRecord.Place: JSONWritable {
  func write(to text: inout JSONText) { text.quoted { put(to: &$0) } }
}

extension SubscriptionRecord.StampedMetering: Codable {
  private enum Field: String, CodingKey { case items, place, id, priceID }

  /// Reads what ``encode(to:)`` writes.
  public init(from decoder: any Decoder) throws {
    guard var container = try? decoder.unkeyedContainer() else {
      let fields = try decoder.container(keyedBy: Field.self)
      place = try fields.decode(SubscriptionRecord.Place.self, forKey: .place)
      var list = try fields.nestedUnkeyedContainer(forKey: .items)
      var items: [SubscriptionRecord.MeteredItem] = []
      while !list.isAtEnd {
        let item = try list.nestedContainer(keyedBy: Field.self)
        items.append(
          SubscriptionRecord.MeteredItem(
            id: try item.decode(SubscriptionItemID.self, forKey: .id),
            priceID: try item.decode(PriceID.self, forKey: .priceID)))
      }
      self.items = items
      return
    }
    place = try container.decode(SubscriptionRecord.Place.self)
    var items: [SubscriptionRecord.MeteredItem] = []
    while !container.isAtEnd {
      items.append(
        SubscriptionRecord.MeteredItem(
          id: try container.decode(SubscriptionItemID.self), priceID: try container.decode(PriceID.self)))
    }
    self.items = items
  }

  /// Writes the place, and then each item's identifier and price.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    try container.encode(place)
    for item in items {
      try container.encode(item.id)
      try container.encode(item.priceID)
    }
  }
}

extension SubscriptionRecord.StampedMetering: JSONWritable {
  func write(to text: inout JSONText) throws {
    text.array(0...2 * items.count) { text, index in
      if index == 0 { return place.write(to: &text) }
      let item = items[(index - 1) / 2]
      if index % 2 == 1 { text.put(item.id) } else { text.put(item.priceID) }
    }
  }
}

extension SubscriptionRecord.StampedDigest: Codable {
  private enum Field: String, CodingKey { case place, digest }

  init(from decoder: any Decoder) throws {
    guard let fields = decoder.formerFields(Field.self) else {
      self = try decoder.value(ofText: "not a digest and a place") { text in try Self(text: text) }
      return
    }
    self.init(
      place: try fields.decode(SubscriptionRecord.Place.self, forKey: .place),
      digest: try fields.decode(UInt64.self, forKey: .digest))
  }

  private init(text: String) throws {
    guard let space = text.firstIndex(of: " "), let digest = UInt64(text[..<space], radix: 16) else { throw NoDigest() }
    self.init(place: try SubscriptionRecord.Place(text: text[text.index(after: space)...]), digest: digest)
  }

  private struct NoDigest: Error {}

  /// Writes the digest, a space, and the place.
  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode("\(String(digest, radix: 16)) \(place.text)")
  }
}

extension SubscriptionRecord.StampedDigest: JSONWritable {
  func write(to text: inout JSONText) {
    text.quoted { text in
      text.put(hexadecimal: digest)
      text.characters(" ")
      place.put(to: &text)
    }
  }
}

extension Decoder {
  /// The fields of a value that was stored as an object once; nil where it is a text, as it is now.
  fileprivate func formerFields<Key: CodingKey>(_ key: Key.Type) -> KeyedDecodingContainer<Key>? {
    // What is asked first must not fail for what is stored now, since errors are slow to make.
    if let value = try? singleValueContainer(), (try? value.decode(String.self)) != nil { return nil }
    return try? container(keyedBy: key)
  }
}
