public import SaaSCore

extension EventID {
  /// The event of one attempt at one step of a run, so that the same attempt sent again is the same event.
  ///
  /// The text is `run/step/attempt`, with `%` and `/` inside run and step written `%25` and `%2F`; so two different
  /// triples never share one. It is part of the library's contract and never changes.
  /// - Parameter attempt: counts from zero the times that the run does the step.
  /// - Throws: ``IdentifierError/tooLong(byteCount:)`` where the text would be over 255 bytes.
  public init(run: RunID, step: StepID, attempt: Int) throws(IdentifierError) {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(run.text.count + step.text.count + 8)
    Self.append(run.text, to: &bytes)
    bytes.append(UInt8(ascii: "/"))
    Self.append(step.text, to: &bytes)
    bytes.append(UInt8(ascii: "/"))
    bytes.append(contentsOf: String(attempt).utf8)
    guard let text = InlineText(utf8: bytes.span) else { throw .tooLong(byteCount: bytes.count) }
    // Both names were checked, and what is added is printable ASCII.
    self.init(validated: ValidIdentifierText(trusted: text))
  }

  private static func append(_ text: InlineText, to bytes: inout [UInt8]) {
    for byte in text.bytes {
      switch byte {
      case UInt8(ascii: "%"): bytes.append(contentsOf: "%25".utf8)
      case UInt8(ascii: "/"): bytes.append(contentsOf: "%2F".utf8)
      default: bytes.append(byte)
      }
    }
  }
}
