internal import BillingKit

/// The catalogue of plans in a file.
enum CatalogFile {
  static func read(_ path: String) throws(CommandFailure) -> PlanCatalog {
    let bytes = try InputFile.read(path)
    do throws(PlanCatalogError) {
      return try PlanCatalog(json: bytes)
    } catch {
      throw CommandFailure("\(path) is not a catalogue: \(error.reason) at \(error.path.isEmpty ? "/" : error.path)")
    }
  }
}
