extension Decoder {
  /// Reads a value that is written as one text.
  /// - Parameter fault: what the text is not, to say where it cannot be read.
  /// - Throws: `DecodingError`, which tells the fault and the error of `read`.
  package func value<Value>(ofText fault: String, _ read: (String) throws -> Value) throws -> Value {
    let container = try singleValueContainer()
    let text = try container.decode(String.self)
    do {
      return try read(text)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(fault): \(error)")
    }
  }
}
