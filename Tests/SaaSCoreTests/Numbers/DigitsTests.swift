import SaaSTesting
import Testing

@testable import SaaSCore

@Suite("Digits")
struct DigitsTests {
  @Test("are those of the standard library, after what was there", arguments: [UInt64(1), 2])
  func digits(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    var numbers: [Int64] = [0, 9, 10, 99, 100, 0xf, 0x10, 0xff, 0x100, -1, -10, .max, .min]
    // As many of each length.
    for shift in 0..<64 { numbers.append(Int64(bitPattern: random.next() >> UInt64(shift))) }
    for number in numbers {
      var text = ByteWriter(capacity: 0)
      text.append("before")
      text.append(decimal: number)
      text.append(hexadecimal: UInt64(bitPattern: number))
      let expected = "before\(number)" + String(UInt64(bitPattern: number), radix: 16)
      #expect(String(decoding: text.bytes, as: UTF8.self) == expected, "seed \(seed)")
    }
  }

  @Test(
    "have leading zeros up to a width of at most twenty",
    arguments: [
      (0, 0, "0"), (0, 1, "0"), (7, 2, "07"), (7, -3, "7"), (123, 2, "123"), (123_456, 6, "123456"),
      (5, 20, "00000000000000000005"), (5, 21, "00000000000000000005"), (UInt64.max, 4, "18446744073709551615"),
    ] as [(UInt64, Int, String)])
  func width(number: UInt64, width: Int, text: String) {
    var written = ByteWriter(capacity: 0)
    written.append(digits: number, width: width)
    #expect(String(decoding: written.bytes, as: UTF8.self) == text)
  }
}
