#if SQLite
  internal import UsageKit

  extension DurationHistogram {
    /// The histogram as bytes: for each bucket that holds a value, in order, how far its number lies above the one before,
    /// and its count, both as LEB128 numbers.
    var blob: [UInt8] {
      var bytes: [UInt8] = []
      var last = 0
      for entry in buckets {
        Self.append(UInt64(entry.bucket - last), to: &bytes)
        Self.append(UInt64(bitPattern: entry.count), to: &bytes)
        last = entry.bucket
      }
      return bytes
    }

    /// Adds the histogram in bytes, or gives false where they are none.
    mutating func add(blob bytes: [UInt8]) -> Bool {
      var position = 0
      var bucket = 0
      while position < bytes.count {
        guard let step = Self.number(in: bytes, at: &position), let count = Self.number(in: bytes, at: &position),
          step < UInt64(Self.bucketCount)
        else { return false }
        bucket += Int(step)
        guard bucket < Self.bucketCount else { return false }
        add(bucket: bucket, count: Int64(bitPattern: count))
      }
      return true
    }

    private static func append(_ number: UInt64, to bytes: inout [UInt8]) {
      var rest = number
      while rest >= 0x80 {
        bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
        rest >>= 7
      }
      bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    private static func number(in bytes: [UInt8], at position: inout Int) -> UInt64? {
      var number: UInt64 = 0
      var shift: UInt64 = 0
      while position < bytes.count, shift < 64 {
        let byte = bytes[position]
        position += 1
        number |= UInt64(byte & 0x7f) << shift
        if byte < 0x80 { return number }
        shift += 7
      }
      return nil
    }
  }
#endif
