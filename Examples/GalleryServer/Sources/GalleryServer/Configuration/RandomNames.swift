internal import Foundation
internal import SaaSCore
internal import UsageKit

/// Names that no two things share.
public enum RandomNames {
  /// The identifier of a new tenant.
  public static func tenant() -> String { text("ten_") }

  static func run() -> RunID {
    // A prefix and 32 hexadecimal digits are always an identifier, so this never goes around twice.
    while true {
      if let name = try? RunID(text("run_")) { return name }
    }
  }

  private static func text(_ prefix: String) -> String {
    prefix + UUID().uuidString.lowercased().replacing("-", with: "")
  }
}
