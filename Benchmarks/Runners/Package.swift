// swift-tools-version: 6.2
import PackageDescription

// A package by path is named after its folder, whatever the clone is called.
let components = Context.packageDirectory.split(separator: "/")
let root = components.count > 2 ? String(components[components.count - 3]).lowercased() : "swift-saas-kit"

let package = Package(
  name: "benchmark-runners",
  platforms: [.macOS(.v15)],
  dependencies: [.package(path: "../..")],
  targets: [
    .systemLibrary(name: "CMalloc"),
    .target(name: "Waiting"),
    .target(
      name: "Customers",
      dependencies: [
        .product(name: "BillingKit", package: root),
        .product(name: "SaaSCore", package: root),
        .product(name: "TenancyKit", package: root),
      ]),
    .executableTarget(
      name: "hosts",
      dependencies: [
        .target(name: "CMalloc", condition: .when(platforms: [.linux])),
        "Waiting",
        .product(name: "SaaSCore", package: root),
        .product(name: "TenancyKit", package: root),
      ]),
    .executableTarget(
      name: "store",
      dependencies: [
        "Customers",
        .product(name: "BillingKit", package: root),
        .product(name: "SQLiteStore", package: root),
        .product(name: "SaaSCore", package: root),
        .product(name: "StripeGateway", package: root),
        .product(name: "TenancyKit", package: root),
        .product(name: "UsageKit", package: root),
        "Waiting",
      ]),
    .executableTarget(
      name: "usage",
      dependencies: [
        "Customers",
        .product(name: "AdminReports", package: root),
        .product(name: "BillingKit", package: root),
        .product(name: "SaaSCore", package: root),
        .product(name: "SQLiteStore", package: root),
        .product(name: "TenancyKit", package: root),
        .product(name: "UsageKit", package: root),
        "Waiting",
      ]),
    .executableTarget(
      name: "webhooks",
      dependencies: [
        .product(name: "BillingKit", package: root),
        .product(name: "SaaSCore", package: root),
        .product(name: "StripeGateway", package: root),
      ]),
  ]
)

for target in package.targets where target.type != .system {
  target.swiftSettings = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ]
}
