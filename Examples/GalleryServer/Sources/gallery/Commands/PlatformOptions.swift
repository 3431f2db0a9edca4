internal import ArgumentParser
internal import TenancyKit

/// The platform's domains, as every command that reads hosts takes them.
struct PlatformOptions: ParsableArguments {
  @Option(
    name: .customLong("platform"),
    help: "A domain under which tenants have their slugs; may be given several times.")
  var domains: [String] = []

  @Option(name: .customLong("reserve"), help: "A word under these domains that no tenant can have; may be repeated.")
  var reserved: [String] = []

  /// The platform that was described.
  func platform() throws -> Platform {
    guard !domains.isEmpty else { throw ValidationError("--platform DOMAIN is missing") }
    do {
      return try Platform(domains: domains, reserving: reserved)
    } catch {
      throw ValidationError("the platform is not valid: \(error)")
    }
  }
}
