import SaaSTesting
import Testing

@testable import TenancyKit

@Suite struct HostShapeTests {
  @Test(arguments: UInt64(1)...8)
  func `a value's shape is what the rules read byte by byte`(seed: UInt64) {
    var dice = SeededGenerator(seed: seed)
    for _ in 0..<20_000 {
      let value = value(using: &dice)
      let reading = HostSyntax.parse(value.span)
      let shape = value.withUnsafeBytes { HostShape($0) }
      guard let shape else {
        #expect(mayBeUnread(value), "seed \(seed), value \(shown(value))")
        continue
      }
      #expect(shape.reason == reading.reason, "seed \(seed), value \(shown(value))")
      #expect(shape.nameCount == reading.nameCount, "seed \(seed), value \(shown(value))")
      #expect(shape.dots == bits(of: UInt8(ascii: "."), in: value), "seed \(seed), value \(shown(value))")
      #expect(shape.hyphens == bits(of: UInt8(ascii: "-"), in: value), "seed \(seed), value \(shown(value))")
    }
  }

  @Test func `a value as long as a shape can be is read to its last byte`() {
    for count in [8, 15, 16, 17, 31, 32, 33, 47, 48, 49, 62, 63] {
      for place in 0..<count {
        var value = [UInt8](repeating: UInt8(ascii: "a"), count: count)
        value[place] = UInt8(ascii: "_")
        #expect(value.withUnsafeBytes { HostShape($0)?.reason } == .invalidCharacter, "\(place) of \(count)")
      }
    }
  }

  /// The values of which no shape is made.
  private func mayBeUnread(_ value: [UInt8]) -> Bool {
    if !(8...63).contains(value.count) || value.first == UInt8(ascii: "[") { return true }
    return String(decoding: value, as: UTF8.self).lowercased().contains("0x")
  }

  private func bits(of byte: UInt8, in value: [UInt8]) -> UInt64 {
    value.indices.reduce(0) { value[$1] == byte ? $0 | 1 << UInt64($1) : $0 }
  }

  /// Labels, dots and a port, now and then with a byte that does not belong there.
  private func value(using dice: inout SeededGenerator) -> [UInt8] {
    let labels = [
      "a", "app", "tenant-1", "x--y", "-a", "a-", "-", "0", "12", "255", "0x", "0x1f", "0xg", "0X7", "1a",
      "xn--bcher-kva",
      "EMPEROR", "gallery", "com", "co", "uk", "a-name-that-is-rather-long-for-a-label", "",
    ]
    let ports = [
      ":", ":80", ":443", ":8080", ":65535", ":65536", ":70000", ":000080", ":8a", ":1:2", ".:80", ".", "..",
    ]
    var text = (0...Int.random(in: 0...4, using: &dice)).map { _ in labels.randomElement(using: &dice, orElse: "a") }
      .joined(separator: ".")
    if Int.random(in: 0..<3, using: &dice) == 0 { text += ports.randomElement(using: &dice, orElse: ":80") }
    var bytes = Array(text.utf8)
    if Int.random(in: 0..<3, using: &dice) == 0, !bytes.isEmpty {
      bytes[Int.random(in: 0..<bytes.count, using: &dice)] = UInt8.random(in: 0...255, using: &dice)
    }
    return bytes
  }
}
