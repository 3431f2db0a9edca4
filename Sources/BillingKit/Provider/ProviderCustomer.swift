/// A customer at the payment provider.
public struct ProviderCustomer: Sendable, Hashable, Codable {
  /// The customer.
  public let id: CustomerID
  /// Whether it was deleted, which some providers tell instead of answering that there is none.
  public var isDeleted: Bool
  /// What was attached to it.
  public var metadata: [String: String]

  /// A customer with the given fields.
  public init(id: CustomerID, isDeleted: Bool = false, metadata: [String: String] = [:]) {
    self.id = id
    self.isDeleted = isDeleted
    self.metadata = metadata
  }
}
