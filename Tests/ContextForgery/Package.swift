// swift-tools-version: 6.2
import Foundation
import PackageDescription

// The root package is named by its folder, so that a clone under any name builds.
let folder = URL(filePath: Context.packageDirectory)
let root = folder.deletingLastPathComponent().deletingLastPathComponent()

let libraries: [Target.Dependency] = [
  .product(name: "SaaSCore", package: root.lastPathComponent),
  .product(name: "TenancyKit", package: root.lastPathComponent),
]

let package = Package(
  name: "context-forgery",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "control", targets: ["control"])],
  dependencies: [.package(path: root.path)],
  targets: [
    // What an application may do: it compiles and runs.
    .executableTarget(name: "control", dependencies: libraries, path: "Control")
  ]
    // What it may not do: each file is a target of its own, and none compiles.
    + (try FileManager.default.contentsOfDirectory(atPath: folder.appending(path: "Attempts").path)).sorted()
    .filter { $0.hasSuffix(".swift") }
    .map { file in
      .target(name: String(file.dropLast(6)), dependencies: libraries, path: "Attempts", sources: [file])
    },
  swiftLanguageModes: [.v6]
)
