internal import Foundation

/// Files that commands read whole.
enum InputFile {
  /// The bytes of a file.
  static func read(_ path: String) throws(CommandFailure) -> [UInt8] {
    do {
      return Array(try Data(contentsOf: URL(filePath: path)))
    } catch {
      throw CommandFailure("cannot read \(path)")
    }
  }
}
