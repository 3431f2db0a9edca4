/// The encoding of Unicode in ASCII labels, as RFC 3492 has it, for checking what others encoded.
enum Punycode {
  private static let base = 36
  private static let thresholdMinimum = 1
  private static let thresholdMaximum = 26
  private static let skew = 38
  private static let damp = 700
  private static let initialBias = 72
  private static let initialCodePoint = 128
  private static let delimiter = UInt8(ascii: "-")
  /// No label of a host is longer, so that nothing longer is worth the work.
  private static let maximumCount = 256

  /// The encoding without the `xn--` in front, or nil where there is too much of it.
  /// - Complexity: O(*n*²) in the number of scalars, of which at most 256 are taken
  static func encode(_ scalars: [Unicode.Scalar]) -> [UInt8]? {
    guard scalars.count <= maximumCount else { return nil }
    var output = scalars.filter(\.isASCII).map { UInt8(truncatingIfNeeded: $0.value) }
    let basicCount = output.count
    if basicCount > 0 { output.append(delimiter) }
    var (codePoint, delta, bias, handled) = (initialCodePoint, 0, initialBias, basicCount)
    while handled < scalars.count {
      // A scalar's value has 21 bits and there are at most 256 of them: nothing here passes 32 bits.
      let next = scalars.lazy.map { Int($0.value) }.filter { $0 >= codePoint }.min() ?? codePoint
      delta += (next - codePoint) * (handled + 1)
      codePoint = next
      for scalar in scalars {
        if scalar.value < codePoint { delta += 1 }
        guard scalar.value == codePoint else { continue }
        appendNumber(delta, bias: bias, to: &output)
        bias = adapted(delta, count: handled + 1, isFirst: handled == basicCount)
        delta = 0
        handled += 1
      }
      delta += 1
      codePoint += 1
    }
    return output
  }

  /// The scalars that were encoded, or nil where this is no encoding.
  /// - Complexity: O(*n*²) in the number of bytes, of which at most 256 are taken
  static func decode(_ bytes: some Sequence<UInt8>) -> [Unicode.Scalar]? {
    let bytes = Array(bytes)
    guard bytes.count <= maximumCount else { return nil }
    let basicCount = bytes.lastIndex(of: delimiter) ?? 0
    var output: [Unicode.Scalar] = []
    for byte in bytes.prefix(basicCount) {
      guard byte < 0x80 else { return nil }
      output.append(Unicode.Scalar(byte))
    }
    var rest = bytes.dropFirst(basicCount > 0 ? basicCount + 1 : 0)
    if basicCount == 0, rest.first == delimiter { return nil }
    var (codePoint, index, bias) = (initialCodePoint, 0, initialBias)
    while !rest.isEmpty {
      guard let step = takeNumber(&rest, bias: bias) else { return nil }
      let (sum, overflow) = index.addingReportingOverflow(step)
      guard !overflow else { return nil }
      let count = output.count + 1
      bias = adapted(step, count: count, isFirst: index == 0 && output.count == basicCount)
      let (value, past) = codePoint.addingReportingOverflow(sum / count)
      guard !past, let word = UInt32(exactly: value), let scalar = Unicode.Scalar(word) else { return nil }
      codePoint = value
      index = sum % count
      output.insert(scalar, at: index)
      index += 1
    }
    return output
  }

  private static func threshold(at position: Int, bias: Int) -> Int {
    min(max(position - bias, thresholdMinimum), thresholdMaximum)
  }

  private static func appendNumber(_ number: Int, bias: Int, to output: inout [UInt8]) {
    var number = number
    var position = base
    while true {
      let threshold = threshold(at: position, bias: bias)
      guard number >= threshold else { break }
      output.append(letter(threshold + (number - threshold) % (base - threshold)))
      number = (number - threshold) / (base - threshold)
      position += base
    }
    output.append(letter(number))
  }

  private static func takeNumber(_ bytes: inout ArraySlice<UInt8>, bias: Int) -> Int? {
    var (number, weight, position) = (0, 1, base)
    while let byte = bytes.popFirst() {
      guard let digit = digit(byte) else { return nil }
      let (product, overflow) = digit.multipliedReportingOverflow(by: weight)
      let (sum, carry) = number.addingReportingOverflow(product)
      guard !overflow, !carry else { return nil }
      number = sum
      let threshold = threshold(at: position, bias: bias)
      if digit < threshold { return number }
      let (grown, past) = weight.multipliedReportingOverflow(by: base - threshold)
      guard !past else { return nil }
      weight = grown
      position += base
    }
    return nil
  }

  private static func adapted(_ delta: Int, count: Int, isFirst: Bool) -> Int {
    var delta = isFirst ? delta / damp : delta / 2
    delta += delta / count
    var bias = 0
    while delta > (base - thresholdMinimum) * thresholdMaximum / 2 {
      delta /= base - thresholdMinimum
      bias += base
    }
    return bias + (base - thresholdMinimum + 1) * delta / (delta + skew)
  }

  /// The letter of a digit: `a` to `z` for 0 to 25, `0` to `9` for 26 to 35.
  private static func letter(_ digit: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: digit < 26 ? digit + 0x61 : digit - 26 + 0x30)
  }

  private static func digit(_ byte: UInt8) -> Int? {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"): Int(byte - UInt8(ascii: "a"))
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): Int(byte - UInt8(ascii: "A"))
    case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte - UInt8(ascii: "0")) + 26
    default: nil
    }
  }
}
