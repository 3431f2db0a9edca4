import BillingKit

extension Quickstart {
  /// The plans that are sold, from the shipped catalogue.
  static func planCatalog() throws -> PlanCatalog {
    let file = "plans.json"
    let json = Array(try textFile(shippedPath(file, in: "Config")).utf8)
    do {
      return try PlanCatalog(json: json)
    } catch {
      throw QuickstartError.invalid(file: file, problem: "\(error.path): \(error.reason)")
    }
  }
}
