import SaaSCore

@testable import TenancyKit

/// Finds names that an index with a known secret keeps under two tags that differ in one bit.
struct NameChooser {
  private let bytes: PlatformBytes

  init(platform: Platform, secret: HostHashSecret) { bytes = PlatformBytes(platform, secret: secret) }

  /// The hash of a name under the secret.
  func hash(_ name: String, in space: HostKeySpace) -> UInt64 {
    let padded = Array(name.utf8) + [UInt8](repeating: 0, count: 24)
    let hasher = HostHasher(secret: UnsafePointer(bytes.secret))
    return padded.withUnsafeBytes { buffer in
      buffer.baseAddress.map { hasher.hash($0, count: padded.count - 24, in: space) } ?? 0
    }
  }

  /// The first names of a row whose hashes end in a byte from 0 through 3.
  func names(_ count: Int, in space: HostKeySpace, _ name: (Int) -> String) -> [String] {
    var found: [String] = []
    var number = 0
    while found.count < count {
      let next = name(number)
      if hash(next, in: space) & 0xff <= 3 { found.append(next) }
      number += 1
    }
    return found
  }
}
