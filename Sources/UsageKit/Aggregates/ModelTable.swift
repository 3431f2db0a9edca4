internal import SaaSCore

/// Small numbers for repeated pairs of a provider and one of its models.
struct ModelTable {
  private let secret: TextHashSecret
  /// The pairs by their number.
  private var keys: [ModelKey] = []
  private var index = RowIndex()
  // Many events are of the model of the event before.
  private var last: Int32 = -1

  init(secret: TextHashSecret) { self.secret = secret }

  /// How many pairs have a number.
  var count: Int { keys.count }

  /// The number of a provider and model, a new one where they have none yet.
  @inline(__always)
  mutating func number(of provider: ProviderName, _ model: ModelName) -> Int32 {
    if last < 0 || keys[Int(last)].model.text != model.text || keys[Int(last)].provider.text != provider.text {
      last = found(provider, model)
    }
    return last
  }

  /// The provider and model of a number, or nil where it is none's.
  subscript(number: Int32) -> ModelKey? {
    number >= 0 && Int(number) < keys.count ? keys[Int(number)] : nil
  }

  private mutating func found(_ provider: ProviderName, _ model: ModelName) -> Int32 {
    // Multiplied, so that a pair and its reverse differ.
    let hash = secret.hash(provider.text) &* 31 &+ secret.hash(model.text)
    let row = index.row(hash: hash) { keys[$0].model.text == model.text && keys[$0].provider.text == provider.text }
    if let row { return Int32(truncatingIfNeeded: row) }
    index.insert(keys.count, hash: hash)
    keys.append(ModelKey(provider: provider, model: model))
    return Int32(truncatingIfNeeded: keys.count - 1)
  }
}
