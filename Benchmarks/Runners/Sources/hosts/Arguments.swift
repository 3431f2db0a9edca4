/// The words of a command line: a command, a folder, and options that each have a value.
struct Arguments {
  let command: String
  let folder: String
  private let options: [String: String]

  init(_ words: ArraySlice<String>) {
    var plain: [String] = []
    var options: [String: String] = [:]
    var words = words
    while let word = words.popFirst() {
      if word.hasPrefix("--") { options[String(word.dropFirst(2))] = words.popFirst() } else { plain.append(word) }
    }
    command = plain.first ?? ""
    folder = plain.dropFirst().first ?? "."
    self.options = options
  }

  func number(_ name: String, _ fallback: Int) -> Int { options[name].flatMap { Int($0) } ?? fallback }

  func text(_ name: String, _ fallback: String) -> String { options[name] ?? fallback }

  /// The words of a list with commas, or nil where the option is not given.
  func list(_ name: String) -> Set<String>? {
    options[name].map { Set($0.split(separator: ",").map(String.init)) }
  }
}
