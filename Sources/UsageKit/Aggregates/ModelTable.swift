internal import SaaSCore

/// Small numbers for repeated pairs of a provider and one of its models.
struct ModelTable {
  private let secret: TextHashSecret
  private var providers: NameTable<ProviderName>
  private var models: NameTable<ModelName>
  /// The pairs by their number, each as the provider's and the model's own number.
  private var pairs: [(provider: Int32, model: Int32)] = []
  private var index = RowIndex()
  private var last: (pair: UInt64, number: Int32) = (.max, -1)

  init(secret: TextHashSecret) {
    self.secret = secret
    providers = NameTable(secret: secret)
    models = NameTable(secret: secret)
  }

  /// How many pairs have a number.
  var count: Int { pairs.count }

  /// The number of a provider and model, a new one where they have none yet.
  @inline(__always)
  mutating func number(of provider: ProviderName, _ model: ModelName) -> Int32 {
    let (provider, model) = (providers.number(of: provider), models.number(of: model))
    let pair = UInt64(UInt32(bitPattern: provider)) << 32 | UInt64(UInt32(bitPattern: model))
    if last.pair != pair { last = (pair, place(of: pair, provider, model)) }
    return last.number
  }

  /// The provider and model of a number, or nil where it is none's.
  subscript(number: Int32) -> ModelKey? {
    guard number >= 0, Int(number) < pairs.count else { return nil }
    let pair = pairs[Int(number)]
    guard let provider = providers[pair.provider], let model = models[pair.model] else { return nil }
    return ModelKey(provider: provider, model: model)
  }

  private mutating func place(of pair: UInt64, _ provider: Int32, _ model: Int32) -> Int32 {
    let hash = secret.hash(pair)
    if let row = index.row(hash: hash, where: { pairs[$0] == (provider, model) }) {
      return Int32(truncatingIfNeeded: row)
    }
    index.insert(pairs.count, hash: hash)
    pairs.append((provider, model))
    return Int32(truncatingIfNeeded: pairs.count - 1)
  }
}
