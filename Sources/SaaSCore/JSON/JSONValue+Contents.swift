extension JSONValue {
  /// The value of a member, or nil where this is no object or has no such member.
  ///
  /// A member that is `null` is there. Names are compared byte by byte, without Unicode normalisation.
  /// - Complexity: O(number of members)
  public subscript(name: String) -> JSONValue? {
    guard token.kind == .object else { return nil }
    var name = name
    let found = name.withUTF8 { name in
      let end = token.length
      var found = -1
      var index = index &+ 1
      while index < end {
        if tape.isName(tape.tokens[index], name) {
          found = index &+ 1
          if !tape.lastWins { break }
        }
        index = tape.index(after: index &+ 1)
      }
      return found
    }
    return found < 0 ? nil : JSONValue(tape: tape, index: found)
  }

  /// An array's values in order; none where this is no array.
  public var elements: Elements { Elements(self) }

  /// An object's members in the order of the text; none where this is no object.
  public var members: Members { Members(self) }

  /// The values of an array.
  public struct Elements: Sequence, IteratorProtocol, Sendable {
    private let tape: JSONTape
    private var index: Int
    private let end: Int

    init(_ value: JSONValue) {
      tape = value.tape
      index = value.index + 1
      end = value.token.kind == .array ? value.token.length : index
    }

    /// The next value, or nil after the last.
    public mutating func next() -> JSONValue? {
      guard index < end else { return nil }
      defer { index = tape.index(after: index) }
      return JSONValue(tape: tape, index: index)
    }

    /// The first value, or nil where there is none.
    public var first: JSONValue? {
      var copy = self
      return copy.next()
    }
  }

  /// One member of an object.
  public struct Member: Sendable {
    /// The value.
    public let value: JSONValue

    /// The name.
    public var name: String { JSONValue(tape: value.tape, index: value.index - 1).string ?? "" }
  }

  /// The members of an object.
  public struct Members: Sequence, IteratorProtocol, Sendable {
    private let tape: JSONTape
    private var index: Int
    private let end: Int

    init(_ value: JSONValue) {
      tape = value.tape
      index = value.index + 1
      end = value.token.kind == .object ? value.token.length : index
    }

    /// The next member, or nil after the last.
    public mutating func next() -> Member? {
      guard index < end else { return nil }
      let value = index + 1
      index = tape.index(after: value)
      return Member(value: JSONValue(tape: tape, index: value))
    }
  }

  /// Where the value is, as a JSON Pointer (RFC 6901): `/plans/2/id`; empty for the whole document.
  /// - Complexity: O(size of the document); made for error messages.
  public var path: String {
    var path = ""
    var place = 0
    while place < index {
      let isObject = tape.tokens[place].kind == .object
      var child = place + (isObject ? 2 : 1)
      var number = 0
      var next = tape.index(after: child)
      while next <= index {
        child = next + (isObject ? 1 : 0)
        next = tape.index(after: child)
        number += 1
      }
      if isObject {
        let name = Member(value: JSONValue(tape: tape, index: child)).name
        path += "/"
        for scalar in name.unicodeScalars {
          switch scalar {
          case "~": path += "~0"
          case "/": path += "~1"
          default: path.unicodeScalars.append(scalar)
          }
        }
      } else {
        path += "/\(number)"
      }
      place = child
    }
    return path
  }
}
