#if arch(x86_64) && canImport(_Builtin_intrinsics.intel.sse2)
  internal import _Builtin_intrinsics.intel.sse2

  /// Sixteen bytes that are compared at once.
  typealias Bytes16 = VectorBytes16

  /// Sixteen bytes in a register of SSE2, which every x86-64 processor has.
  ///
  /// The standard library's `SIMD16` does not serve: its comparisons compile to one step for each byte.
  struct VectorBytes16 {
    private let value: __m128i

    @inline(__always)
    private init(_ value: __m128i) { self.value = value }

    /// The sixteen bytes at a pointer.
    @inline(__always)
    init(at start: UnsafeRawPointer) { value = start.loadUnaligned(as: __m128i.self) }

    /// Two words of eight bytes each, the first byte lowest.
    @inline(__always)
    init(low: UInt64, high: UInt64) { value = _mm_set_epi64x(Int64(bitPattern: high), Int64(bitPattern: low)) }

    @inline(__always)
    init(repeating byte: UInt8) { value = _mm_set1_epi8(CChar(bitPattern: byte)) }

    /// The first eight bytes as a word.
    @inline(__always)
    var low: UInt64 { UInt64(bitPattern: _mm_cvtsi128_si64(value)) }

    /// The last eight bytes as a word.
    @inline(__always)
    var high: UInt64 { UInt64(bitPattern: _mm_cvtsi128_si64(_mm_unpackhi_epi64(value, value))) }

    @inline(__always)
    static func & (left: Self, right: Self) -> Self { Self(_mm_and_si128(left.value, right.value)) }

    @inline(__always)
    static func | (left: Self, right: Self) -> Self { Self(_mm_or_si128(left.value, right.value)) }

    @inline(__always)
    static func ^ (left: Self, right: Self) -> Self { Self(_mm_xor_si128(left.value, right.value)) }

    /// The sums of the words, as they wrap.
    @inline(__always)
    static func &+ (left: Self, right: Self) -> Self { Self(_mm_add_epi64(left.value, right.value)) }

    /// Bit i where byte i is `byte`.
    @inline(__always)
    func places(of byte: UInt8) -> UInt64 { Self.bits(_mm_cmpeq_epi8(value, Self(repeating: byte).value)) }

    /// Bit i where byte i is from `first` through `last`, which is below 0x80.
    @inline(__always)
    func places(from first: UInt8, through last: UInt8) -> UInt64 {
      let distance = _mm_sub_epi8(value, Self(repeating: first).value)
      return Self.bits(_mm_cmpeq_epi8(_mm_min_epu8(distance, Self(repeating: last &- first).value), distance))
    }

    @inline(__always)
    private static func bits(_ comparison: __m128i) -> UInt64 {
      UInt64(UInt32(bitPattern: _mm_movemask_epi8(comparison)))
    }
  }
#else
  /// Sixteen bytes that are compared at once.
  typealias Bytes16 = WordBytes16
#endif

/// Sixteen bytes in two plain integers, for every processor.
struct WordBytes16 {
  /// The first eight bytes as a word, the first byte lowest.
  let low: UInt64
  /// The last eight bytes as a word.
  let high: UInt64

  /// Two words of eight bytes each, the first byte lowest.
  @inline(__always)
  init(low: UInt64, high: UInt64) {
    self.low = low
    self.high = high
  }

  /// The sixteen bytes at a pointer.
  @inline(__always)
  init(at start: UnsafeRawPointer) { self.init(low: NameWord.at(0, of: start), high: NameWord.at(8, of: start)) }

  @inline(__always)
  init(repeating byte: UInt8) { self.init(low: NameWord.each(byte), high: NameWord.each(byte)) }

  @inline(__always)
  static func & (left: Self, right: Self) -> Self { Self(low: left.low & right.low, high: left.high & right.high) }

  @inline(__always)
  static func | (left: Self, right: Self) -> Self { Self(low: left.low | right.low, high: left.high | right.high) }

  @inline(__always)
  static func ^ (left: Self, right: Self) -> Self { Self(low: left.low ^ right.low, high: left.high ^ right.high) }

  /// The sums of the words, as they wrap.
  @inline(__always)
  static func &+ (left: Self, right: Self) -> Self { Self(low: left.low &+ right.low, high: left.high &+ right.high) }

  /// Bit i where byte i is `byte`.
  @inline(__always)
  func places(of byte: UInt8) -> UInt64 {
    let other = self ^ Self(repeating: byte)
    @inline(__always) func zeros(_ word: UInt64) -> UInt64 {
      ~(((word & ~NameWord.highs) &+ ~NameWord.highs) | word) & NameWord.highs
    }
    return Self.bits(zeros(other.low), zeros(other.high))
  }

  /// Bit i where byte i is from `first` through `last`, which is below 0x80.
  @inline(__always)
  func places(from first: UInt8, through last: UInt8) -> UInt64 {
    @inline(__always) func within(_ word: UInt64) -> UInt64 {
      let ascii = word & ~NameWord.highs
      let reached = ascii &+ NameWord.each(0x80 &- first)
      let passed = ascii &+ NameWord.each(0x7f &- last)
      return reached & ~passed & ~word & NameWord.highs
    }
    return Self.bits(within(low), within(high))
  }

  /// The sixteen bytes' high bits, one after the other; no other bits are set.
  @inline(__always)
  private static func bits(_ low: UInt64, _ high: UInt64) -> UInt64 {
    @inline(__always) func bits(_ word: UInt64) -> UInt64 { ((word &>> 7) &* 0x0102_0408_1020_4080) &>> 56 }
    return bits(low) | bits(high) &<< 8
  }
}
