// swift-tools-version: 6.2
import Foundation
import PackageDescription

// The root package is named by its folder, so that a clone under any name builds.
let root = URL(filePath: Context.packageDirectory).deletingLastPathComponent().deletingLastPathComponent()

let package = Package(
  name: "host-lookup-costs",
  platforms: [.macOS(.v15)],
  dependencies: [.package(path: root.path)],
  targets: [
    .executableTarget(
      name: "host-lookup-costs",
      dependencies: [
        .product(name: "SaaSCore", package: root.lastPathComponent),
        .product(name: "TenancyKit", package: root.lastPathComponent),
      ],
      path: "Sources",
      swiftSettings: [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)],
      // The counting functions stand in for the C library's, for this program and all that it loads.
      linkerSettings: [
        .unsafeFlags(
          ["malloc", "calloc", "aligned_alloc"].flatMap { ["-Xlinker", "--defsym=\($0)=counted_\($0)"] },
          .when(platforms: [.linux]))
      ])
  ]
)
