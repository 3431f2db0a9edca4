import Foundation
import SaaSCore

/// What the quickstart tells: sections of text as they come, or one JSON document at the end.
final class Report: Sendable {
  private let isJSON: Bool
  private let sections = Sections()

  init(isJSON: Bool) { self.isJSON = isJSON }

  /// Tells one section: its lines to a reader, or its value under a key to a program.
  func section(_ title: String, key: String, _ value: some Encodable & Sendable, lines: () -> [String]) {
    if isJSON {
      sections.add(key, value)
    } else {
      print("\(title)\n" + lines().map { "  \($0)\n" }.joined())
    }
  }

  /// Prints the JSON document, if that was asked for.
  func finish() {
    guard isJSON else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    if let data = try? encoder.encode(sections) { print(String(decoding: data, as: UTF8.self)) }
  }
}

/// Values of several types under their keys, as one JSON object.
private final class Sections: Encodable, Sendable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private let values = NSLock()
  nonisolated(unsafe) private var list: [(String, any Encodable & Sendable)] = []

  func add(_ key: String, _ value: any Encodable & Sendable) { values.withLock { list.append((key, value)) } }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    for (key, value) in values.withLock({ list }) { try container.encode(value, forKey: Key(stringValue: key)) }
  }
}
