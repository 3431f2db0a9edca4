extension JSONValue {
  private func mismatch(_ expected: JSONShapeError.Expectation) -> JSONShapeError {
    JSONShapeError(path: path, expected: expected, found: kind)
  }

  /// The value of a member that must be there; it may be `null`.
  /// - Throws: ``JSONShapeError`` where this is no object or has no such member.
  public func required(_ name: String) throws(JSONShapeError) -> JSONValue {
    guard kind == .object else { throw mismatch(.kind(.object)) }
    guard let value = self[name] else { throw mismatch(.member(name)) }
    return value
  }

  /// The text of what must be a string.
  /// - Throws: ``JSONShapeError``
  public func requiredString() throws(JSONShapeError) -> String {
    guard let string else { throw mismatch(.kind(.string)) }
    return string
  }

  /// The number of what must be whole and fit 64 bits.
  /// - Throws: ``JSONShapeError``
  public func requiredInt64() throws(JSONShapeError) -> Int64 {
    guard let int64 else { throw mismatch(kind == .number ? .int64 : .kind(.number)) }
    return int64
  }

  /// The exact text of what must be a number.
  /// - Throws: ``JSONShapeError``
  public func requiredDecimalText() throws(JSONShapeError) -> String {
    guard let decimalText else { throw mismatch(.kind(.number)) }
    return decimalText
  }

  /// The truth value of what must be one.
  /// - Throws: ``JSONShapeError``
  public func requiredBool() throws(JSONShapeError) -> Bool {
    guard let bool else { throw mismatch(.kind(.boolean)) }
    return bool
  }

  /// The values of what must be an array.
  /// - Throws: ``JSONShapeError``
  public func requiredElements() throws(JSONShapeError) -> Elements {
    guard kind == .array else { throw mismatch(.kind(.array)) }
    return elements
  }

  /// The members of what must be an object.
  /// - Throws: ``JSONShapeError``
  public func requiredMembers() throws(JSONShapeError) -> Members {
    guard kind == .object else { throw mismatch(.kind(.object)) }
    return members
  }
}
