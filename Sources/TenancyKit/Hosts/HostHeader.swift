internal import SaaSCore

/// The value of a Host header after the check of its form.
package enum HostHeader: Sendable, Hashable {
  /// The name in its one form, without port and trailing dot.
  case name(HostName)
  /// The value is no name, for this reason.
  case malformed(HostReason)

  /// Reads a value as RFC 9110 §7.2 has it.
  /// - Complexity: O(count)
  package init(_ bytes: Span<UInt8>) {
    let reading = HostSyntax.parse(bytes)
    if let reason = reading.reason {
      self = .malformed(reason)
      return
    }
    var name: [UInt8] = []
    name.reserveCapacity(reading.nameCount)
    for index in 0..<reading.nameCount { name.append(HostSyntax.folded(bytes[index])) }
    // A name without a reason against it has at most 253 bytes, which fit.
    guard let text = InlineText(utf8: name.span) else {
      self = .malformed(.tooLong)
      return
    }
    self = .name(HostName(trusted: text))
  }
}
