// swift-tools-version: 6.2
import PackageDescription

/// Every target is compiled in Swift 6 mode with the same settings, so that a rule holds everywhere or nowhere.
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "swift-saas-kit",
  // The first systems whose standard library has Mutex, Atomic and Int128.
  platforms: [.macOS(.v15), .iOS(.v18), .tvOS(.v18), .watchOS(.v11), .visionOS(.v2)],
  products: [
    .library(name: "SaaSCore", targets: ["SaaSCore"]),
    .library(name: "TenancyKit", targets: ["TenancyKit"]),
    .library(name: "UsageKit", targets: ["UsageKit"]),
    .library(name: "BillingKit", targets: ["BillingKit"]),
    .library(name: "AdminReports", targets: ["AdminReports"]),
    .library(name: "VercelDomains", targets: ["VercelDomains"]),
    .library(name: "DNSOverHTTPS", targets: ["DNSOverHTTPS"]),
    .library(name: "StripeGateway", targets: ["StripeGateway"]),
    .library(name: "URLSessionTransport", targets: ["URLSessionTransport"]),
    .library(name: "SQLiteStore", targets: ["SQLiteStore"]),
    .library(name: "SaaSTesting", targets: ["SaaSTesting"]),
    .executable(name: "quickstart", targets: ["quickstart"]),
  ],
  traits: [
    .trait(name: "SQLite", description: "Ships the stores over the system's SQLite."),
    .default(enabledTraits: ["SQLite"]),
  ],
  targets: [
    .target(name: "SaaSCore"),
    .target(name: "TenancyKit", dependencies: ["SaaSCore"]),
    .target(name: "UsageKit", dependencies: ["SaaSCore", "TenancyKit"]),
    .target(name: "BillingKit", dependencies: ["SaaSCore", "TenancyKit", "UsageKit"]),
    .target(name: "AdminReports", dependencies: ["SaaSCore", "TenancyKit", "UsageKit", "BillingKit"]),
    .target(name: "VercelDomains", dependencies: ["SaaSCore", "TenancyKit"]),
    .target(name: "DNSOverHTTPS", dependencies: ["SaaSCore", "TenancyKit"]),
    .target(name: "StripeGateway", dependencies: ["SaaSCore", "TenancyKit", "UsageKit", "BillingKit"]),
    .target(name: "URLSessionTransport", dependencies: ["SaaSCore"]),
    .systemLibrary(
      name: "CSQLite", pkgConfig: "sqlite3",
      providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite"])]),
    .target(
      name: "SQLiteStore",
      dependencies: [
        "SaaSCore", "TenancyKit", "UsageKit", "BillingKit",
        .target(name: "CSQLite", condition: .when(traits: ["SQLite"])),
      ]),
    .target(name: "SaaSTesting", dependencies: ["SaaSCore", "TenancyKit", "UsageKit", "BillingKit"]),
    .executableTarget(
      name: "quickstart",
      dependencies: [
        "SaaSCore", "TenancyKit", "UsageKit", "BillingKit", "AdminReports", "SQLiteStore", "SaaSTesting",
      ],
      path: "Examples/Quickstart",
      resources: [.copy("Data"), .copy("Config")]),
    // A process that the tests of SQLiteStore start, kill and race with; not a product.
    .executableTarget(
      name: "StoreProcess",
      dependencies: ["SaaSCore", "TenancyKit", "UsageKit", "BillingKit", "SQLiteStore", "SaaSTesting"],
      path: "Tests/Helpers/StoreProcess"),
    .target(name: "LoopbackServer", dependencies: ["SaaSCore"], path: "Tests/Helpers/LoopbackServer"),
    .testTarget(name: "SaaSCoreTests", dependencies: ["SaaSCore", "SaaSTesting"]),
    .testTarget(name: "TenancyKitTests", dependencies: ["SaaSCore", "TenancyKit", "SQLiteStore", "SaaSTesting"]),
    .testTarget(
      name: "UsageKitTests", dependencies: ["SaaSCore", "TenancyKit", "UsageKit", "SaaSTesting"]),
    .testTarget(
      name: "BillingKitTests",
      dependencies: ["SaaSCore", "TenancyKit", "UsageKit", "BillingKit", "SaaSTesting"]),
    .testTarget(
      name: "VercelDomainsTests",
      dependencies: ["SaaSCore", "TenancyKit", "VercelDomains", "URLSessionTransport", "LoopbackServer"]),
    .testTarget(
      name: "DNSOverHTTPSTests",
      dependencies: ["SaaSCore", "TenancyKit", "DNSOverHTTPS", "URLSessionTransport", "LoopbackServer"]),
    .testTarget(
      name: "StripeGatewayTests",
      dependencies: [
        "SaaSCore", "TenancyKit", "UsageKit", "BillingKit", "StripeGateway", "URLSessionTransport", "LoopbackServer",
        "SaaSTesting",
      ],
      resources: [.copy("Fixtures"), .copy("Scripts")]),
    .testTarget(
      name: "URLSessionTransportTests",
      dependencies: ["SaaSCore", "URLSessionTransport", "LoopbackServer"]),
    .testTarget(
      name: "AdminReportsTests",
      dependencies: [
        "SaaSCore", "TenancyKit", "UsageKit", "BillingKit", "AdminReports", "SQLiteStore", "SaaSTesting",
      ],
      resources: [.copy("Figures"), .copy("Scripts")]),
    .testTarget(
      name: "DocumentationTests",
      dependencies: [
        "SaaSCore", "TenancyKit", "UsageKit", "BillingKit", "AdminReports", "VercelDomains", "DNSOverHTTPS",
        "URLSessionTransport", "SQLiteStore", "SaaSTesting",
      ]),
    .testTarget(
      name: "SQLiteStoreTests",
      dependencies: [
        "SaaSCore", "TenancyKit", "UsageKit", "BillingKit", "SQLiteStore", "SaaSTesting", "StoreProcess",
        .target(name: "CSQLite", condition: .when(traits: ["SQLite"])),
      ]),
  ]
)

// Whoever wants the tests of one target alone, as the thread sanitizer does, builds no others.
if let only = Context.environment["SAASKIT_TESTS"] {
  package.targets.removeAll { $0.type == .test && $0.name != only }
}

for target in package.targets where target.type != .system {
  target.swiftSettings = settings
}
