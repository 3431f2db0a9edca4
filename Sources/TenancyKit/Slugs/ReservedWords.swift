/// Words under a platform domain that no tenant can have. They bind nowhere else: `www.customer.com` is a customer's.
public struct ReservedWords: Sendable, Hashable {
  /// Reserved on every platform: `www admin api app static assets vercel`.
  public static let always: Set<String> = ["www", "admin", "api", "app", "static", "assets", "vercel"]

  /// Every reserved word, those of every platform included.
  public let words: Set<String>

  /// The words of every platform and some more; none can be taken away.
  /// - Throws: ``SlugError`` for a word that could not be a label of a host anyway.
  public init(adding words: some Sequence<String> = []) throws(SlugError) {
    var all = Self.always
    for word in words {
      if let error = SlugError.first(in: Array(word.utf8)) { throw error }
      all.insert(word)
    }
    self.words = all
  }

  /// Whether a label is reserved.
  public func contains(_ label: String) -> Bool { words.contains(label) }
}
