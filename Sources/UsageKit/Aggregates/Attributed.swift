public import SaaSCore

/// Whose an event is: its run's user or workflow, or unknown while its run has not arrived.
///
/// A name `unknown` that a host application gave is another value than ``unknown``.
public enum Attributed<Name: Identifier>: Sendable, Hashable {
  /// The run is known, and has this name.
  case known(Name)
  /// No run with the event's run ID has arrived.
  case unknown

  /// The name, or nil where it is unknown.
  public var name: Name? {
    if case .known(let name) = self { return name }
    return nil
  }

  /// The name, or unknown where there is none.
  public init(_ name: Name?) { self = name.map(Attributed.known) ?? .unknown }
}

extension Attributed: Comparable {
  /// Known names in the order of their bytes, then ``unknown``.
  public static func < (left: Attributed, right: Attributed) -> Bool {
    switch (left, right) {
    case (.known(let left), .known(let right)): left < right
    case (.known, .unknown): true
    case (.unknown, _): false
    }
  }
}

extension Attributed: CustomStringConvertible {
  /// The name, or `unknown`.
  public var description: String { name?.description ?? "unknown" }
}
