internal import ArgumentParser

/// The `gallery` command: the server, and what an operator does beside it on the same file.
@main
struct GalleryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gallery",
    abstract: "A multi-tenant server built on SaaSKit, and its operator's tools.",
    subcommands: [
      ServeCommand.self, TenantCommand.self, DomainCommand.self, UsageCommand.self, LedgerCommand.self,
      ReportCommand.self, BillingCommand.self, TokenCommand.self, ResolveCommand.self, CostCommand.self,
    ])
}
