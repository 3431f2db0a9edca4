/// What the quickstart was asked to do.
struct Arguments: Sendable, Equatable {
  var database = "quickstart.sqlite"
  var hosts: String?
  var output: String?
  var isJSON = false

  enum Request: Sendable, Equatable {
    case help
    case run(Arguments)
  }

  static let help = """
    Provisions a platform's tenants and resolves Host headers to them.

    USAGE: quickstart [--database PATH] [--hosts FILE] [--output DIR] [--json] [--help]

      --database PATH   The SQLite database; made where it is not there, and found again by the next run.
                        Default: quickstart.sqlite in the current folder.
      --hosts FILE      Host headers of your own, one a line, instead of the list that is shipped.
                        \\t, \\r, \\n, \\\\ and \\xNN stand for bytes; lines that begin with '# ' are comments.
      --output DIR      The folder for the reports; made where it is not there.
                        Default: quickstart-reports beside the database.
      --json            Prints one JSON document instead of tables.
      --help            Prints this.

    EXIT STATUS: 0 when everything was done, 1 when a file or the database failed, 2 for arguments that are wrong.
    """

  static func parse(_ words: [String]) throws(ArgumentError) -> Request {
    var arguments = Arguments()
    var rest = words[...]
    var seen: Set<String> = []
    while let word = rest.popFirst() {
      let (name, attached) = split(word)
      guard seen.insert(name).inserted else { throw .repeated(name) }
      switch name {
      case "--help", "-h": return .help
      case "--json":
        if attached != nil { throw .unexpectedValue(name) }
        arguments.isJSON = true
      case "--database": arguments.database = try value(of: name, attached, &rest)
      case "--output": arguments.output = try value(of: name, attached, &rest)
      case "--hosts": arguments.hosts = try value(of: name, attached, &rest)
      default: throw .unknown(word)
      }
    }
    #if !SQLite
      if seen.contains("--database") { throw .noDatabase }
    #endif
    return .run(arguments)
  }

  /// An option and the value that is written with it, as in `--hosts=FILE`.
  private static func split(_ word: String) -> (String, String?) {
    guard word.hasPrefix("--"), let equals = word.firstIndex(of: "=") else { return (word, nil) }
    return (String(word[..<equals]), String(word[word.index(after: equals)...]))
  }

  private static func value(of name: String, _ attached: String?, _ rest: inout ArraySlice<String>)
    throws(ArgumentError) -> String
  {
    guard let value = attached ?? rest.popFirst(), !value.isEmpty, attached != nil || !value.hasPrefix("--") else {
      throw .missingValue(name)
    }
    return value
  }
}

/// What is wrong with the arguments.
enum ArgumentError: Error, Equatable, CustomStringConvertible {
  case unknown(String)
  case missingValue(String)
  case unexpectedValue(String)
  case repeated(String)
  case noDatabase

  var description: String {
    switch self {
    case .unknown(let word): "unknown argument '\(word)'"
    case .missingValue(let name): "\(name) needs a value"
    case .unexpectedValue(let name): "\(name) takes no value"
    case .repeated(let name): "\(name) is given twice"
    case .noDatabase: "--database needs the SQLite trait, without which this was built"
    }
  }
}
