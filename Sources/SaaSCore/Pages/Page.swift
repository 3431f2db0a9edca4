/// One page of a longer answer, with the cursor that continues it.
public struct Page<Element: Sendable, Cursor: Sendable>: Sendable {
  /// The elements, in the order that the answering call states.
  public let elements: [Element]
  /// Where the next page begins, or nil after the last one.
  public let next: Cursor?

  /// A page and what continues it.
  public init(_ elements: [Element], next: Cursor?) {
    self.elements = elements
    self.next = next
  }
}

extension Page: Equatable where Element: Equatable, Cursor: Equatable {}

/// How many elements one page may have: between 1 and 1 000.
public struct PageLimit: Sendable, Hashable {
  /// The number, between 1 and 1 000.
  public let count: Int

  /// The number brought into the range from 1 to 1 000.
  public init(_ count: Int) { self.count = min(max(count, 1), 1_000) }

  /// One hundred.
  public static let standard = PageLimit(100)
  /// One thousand, for jobs that go through everything.
  public static let maximum = PageLimit(1_000)
}
