// swift-tools-version: 6.2
import PackageDescription

/// SaaSKit by the name of the folder that holds it, so that a clone under any name builds.
let saaskit = String(Context.packageDirectory.split(separator: "/").dropLast(2).last ?? "swift-saas-kit")

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "gallery-server",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "gallery", targets: ["gallery"])],
  dependencies: [
    .package(path: "../.."),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.4.0"),
    .package(url: "https://github.com/vapor/jwt-kit", from: "5.7.1"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.81.0"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.20.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    .target(
      name: "GalleryServer",
      dependencies: [
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "JWTKit", package: "jwt-kit"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "Metrics", package: "swift-metrics"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ]
        + [
          "SaaSCore", "TenancyKit", "UsageKit", "BillingKit", "AdminReports", "SQLiteStore", "StripeGateway",
          "VercelDomains", "DNSOverHTTPS", "URLSessionTransport", "SaaSTesting",
        ].map { .product(name: $0, package: saaskit) },
      resources: [.copy("openapi.json")]),
    .executableTarget(
      name: "gallery",
      dependencies: [
        "GalleryServer",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    // What the load script compares the server with.
    .executableTarget(
      name: "bare-route",
      dependencies: [
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
      ], path: "Sources/BareRoute"),
    .testTarget(
      name: "GalleryServerTests",
      dependencies: [
        "GalleryServer", "gallery",
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "Logging", package: "swift-log"),
      ]
        + ["SaaSCore", "TenancyKit", "UsageKit", "BillingKit", "SQLiteStore", "SaaSTesting"].map {
          .product(name: $0, package: saaskit)
        }),
  ]
)

for target in package.targets { target.swiftSettings = settings }
