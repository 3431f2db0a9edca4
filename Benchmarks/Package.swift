// swift-tools-version: 6.2
import PackageDescription

// A package by path is named after its folder, whatever the clone is called.
let components = Context.packageDirectory.split(separator: "/")
let root = components.count > 1 ? String(components[components.count - 2]).lowercased() : "swift-saas-kit"

let package = Package(
  name: "benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(path: ".."),
    // Without its counting of allocations and references, which `check-counts` does on every kind of machine.
    .package(url: "https://github.com/ordo-one/benchmark", from: "1.38.1", traits: []),
  ],
  targets: [
    .executableTarget(
      name: "LibraryBenchmarks",
      dependencies: [
        .product(name: "Benchmark", package: "benchmark"),
        .product(name: "SaaSCore", package: root),
        .product(name: "StripeGateway", package: root),
        .product(name: "TenancyKit", package: root),
        .product(name: "UsageKit", package: root),
      ],
      path: "Suite",
      swiftSettings: [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
      ],
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")])
  ]
)
