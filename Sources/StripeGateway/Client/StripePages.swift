public import BillingKit

/// All elements of one of Stripe's lists, read a page at a time as they are asked for.
///
/// The order is the list's own: the latest first. Elements that come to be while it is read may be missing.
public struct StripePages<Element: Sendable>: AsyncSequence, Sendable {
  public typealias Failure = GatewayError

  /// One page, and where the next begins.
  struct Part: Sendable {
    let elements: [Element]
    let next: String?
  }

  let read: @Sendable (_ cursor: String?) async throws(GatewayError) -> Part

  /// Reads the list from its beginning.
  public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(read: read) }

  /// Goes through the elements; ends after the first failure.
  public struct AsyncIterator: AsyncIteratorProtocol {
    let read: @Sendable (_ cursor: String?) async throws(GatewayError) -> Part
    private var waiting: ArraySlice<Element> = []
    private var cursor: String?
    private var isAtEnd = false

    init(read: @escaping @Sendable (_ cursor: String?) async throws(GatewayError) -> Part) { self.read = read }

    /// The next element, or nil after the last.
    public mutating func next() async throws(GatewayError) -> Element? { try await next(isolation: nil) }

    /// The next element, or nil after the last.
    public mutating func next(isolation actor: isolated (any Actor)?) async throws(GatewayError) -> Element? {
      while true {
        if let element = waiting.popFirst() { return element }
        if isAtEnd { return nil }
        let part: Part
        do {
          part = try await read(cursor)
        } catch {
          isAtEnd = true
          throw error
        }
        waiting = part.elements[...]
        // A cursor that does not move would never end.
        isAtEnd = part.next == nil || part.next == cursor
        cursor = part.next
      }
    }
  }

  /// All elements at once.
  func all() async throws(GatewayError) -> [Element] {
    var elements: [Element] = []
    var iterator = makeAsyncIterator()
    while let element = try await iterator.next() { elements.append(element) }
    return elements
  }
}
