/// SHA-256's compression of whole blocks (FIPS 180-4 §6.2.2).
///
/// Where four blocks lie in a row their message schedules, which do not depend on the state, are worked out side by side in
/// the lanes of a vector; the rounds, which do, follow block by block. That and the rounds' form were chosen by
/// measurement: three rotations side by side are faster than three nested ones, which are fewer instructions.
enum SHA256Compression {
  private typealias Lanes = SIMD4<UInt32>

  /// FIPS 180-4 §4.2.2.
  private static let roundConstants: [UInt32] = [
    0x428a_2f98, 0x7137_4491, 0xb5c0_fbcf, 0xe9b5_dba5, 0x3956_c25b, 0x59f1_11f1, 0x923f_82a4, 0xab1c_5ed5,
    0xd807_aa98, 0x1283_5b01, 0x2431_85be, 0x550c_7dc3, 0x72be_5d74, 0x80de_b1fe, 0x9bdc_06a7, 0xc19b_f174,
    0xe49b_69c1, 0xefbe_4786, 0x0fc1_9dc6, 0x240c_a1cc, 0x2de9_2c6f, 0x4a74_84aa, 0x5cb0_a9dc, 0x76f9_88da,
    0x983e_5152, 0xa831_c66d, 0xb003_27c8, 0xbf59_7fc7, 0xc6e0_0bf3, 0xd5a7_9147, 0x06ca_6351, 0x1429_2967,
    0x27b7_0a85, 0x2e1b_2138, 0x4d2c_6dfc, 0x5338_0d13, 0x650a_7354, 0x766a_0abb, 0x81c2_c92e, 0x9272_2c85,
    0xa2bf_e8a1, 0xa81a_664b, 0xc24b_8b70, 0xc76c_51a3, 0xd192_e819, 0xd699_0624, 0xf40e_3585, 0x106a_a070,
    0x19a4_c116, 0x1e37_6c08, 0x2748_774c, 0x34b0_bcb5, 0x391c_0cb3, 0x4ed8_aa4a, 0x5b9c_ca4f, 0x682e_6ff3,
    0x748f_82ee, 0x78a5_636f, 0x84c8_7814, 0x8cc7_0208, 0x90be_fffa, 0xa450_6ceb, 0xbef9_a3f7, 0xc671_78f2,
  ]

  /// The same, each in every lane; made once and kept for good, so that nobody counts references to it.
  // Never written after it was made, and never freed.
  private nonisolated(unsafe) static let spreadConstants: UnsafePointer<Lanes> = {
    let spread = UnsafeMutablePointer<Lanes>.allocate(capacity: 64)
    for (index, constant) in roundConstants.enumerated() {
      (spread + index).initialize(to: Lanes(repeating: constant))
    }
    return UnsafePointer(spread)
  }()

  /// Takes `count` blocks of 64 bytes, which must be readable from `blocks` on, into the state.
  static func compress(_ state: inout SIMD8<UInt32>, blocks: UnsafeRawPointer, count: Int) {
    guard count > 0 else { return }
    // Two schedules, of the four blocks at hand and of the next four, and the words of the latter without constants.
    withUnsafeTemporaryAllocation(of: Lanes.self, capacity: 192) { room in
      // An allocation of 192 elements has a base address.
      guard let room = room.baseAddress else { return }
      var block = blocks
      var left = count
      if left >= 4 {
        var expansion = FourBlocks(block: block, words: room + 128, schedule: room)
        for index in 0..<16 { expansion.load(index) }
        for index in 16..<64 { expansion.extend(index) }
        var schedule = UnsafeRawPointer(room)
        while left >= 8 {
          block += 256
          expansion = FourBlocks(
            block: block, words: room + 128, schedule: schedule == UnsafeRawPointer(room) ? room + 64 : room)
          // A quarter of the next schedule beside each block's rounds, whose dependencies leave the processor room.
          rounds(&state, schedule) { index in
            expansion.load(index)
            expansion.load(index &+ 1)
          }
          for lane in 1..<4 {
            rounds(&state, schedule + 4 &* lane) { index in
              expansion.extend(16 &* lane &+ index)
              expansion.extend(16 &* lane &+ index &+ 1)
            }
          }
          schedule = UnsafeRawPointer(expansion.schedule)
          left &-= 4
        }
        for lane in 0..<4 { rounds(&state, schedule + 4 &* lane) { _ in } }
        block += 256
        left &-= 4
      }
      while left > 0 {
        expandOne(block, into: room)
        rounds(&state, UnsafeRawPointer(room)) { _ in }
        block += 64
        left &-= 1
      }
    }
  }

  /// The schedules of four blocks in a row, block *n* in lane *n*.
  private struct FourBlocks {
    let block: UnsafeRawPointer
    let words: UnsafeMutablePointer<Lanes>
    let schedule: UnsafeMutablePointer<Lanes>
    let constants = spreadConstants

    /// Makes a word of the first 16.
    @inline(__always)
    func load(_ index: Int) {
      let offset = 4 &* index
      keep(
        Lanes(
          word(block, offset), word(block, offset &+ 64), word(block, offset &+ 128), word(block, offset &+ 192)),
        index)
    }

    /// Makes a word past the first 16 from those before it.
    @inline(__always)
    func extend(_ index: Int) {
      let before = words + index
      keep(before[-16] &+ sigma0(before[-15]) &+ before[-7] &+ sigma1(before[-2]), index)
    }

    @inline(__always)
    private func keep(_ word: Lanes, _ index: Int) {
      words[index] = word
      schedule[index] = word &+ constants[index]
    }
  }

  @inline(__always)
  private static func word(_ block: UnsafeRawPointer, _ offset: Int) -> UInt32 {
    UInt32(bigEndian: block.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
  }

  @inline(__always)
  private static func rotated(_ word: UInt32, _ bits: UInt32) -> UInt32 { word &>> bits | word &<< (32 &- bits) }

  // In the two that follow, a rotation's halves are kept apart: together the compiler sees a rotation, which SSE2 does not
  // have and which it then does lane by lane.

  @inline(__always)
  private static func sigma0(_ word: Lanes) -> Lanes {
    ((word &>> 7) ^ (word &>> 18)) ^ ((word &<< 25) ^ (word &<< 14)) ^ (word &>> 3)
  }

  @inline(__always)
  private static func sigma1(_ word: Lanes) -> Lanes {
    ((word &>> 17) ^ (word &>> 19)) ^ ((word &<< 15) ^ (word &<< 13)) ^ (word &>> 10)
  }

  /// The schedule of one block, round constants added, in lane 0.
  @inline(__always)
  private static func expandOne(
    _ block: UnsafeRawPointer, into schedule: UnsafeMutablePointer<Lanes>
  ) {
    let constants = UnsafeRawPointer(spreadConstants)
    let schedule = UnsafeMutableRawPointer(schedule)
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 16) { recent in
      guard let recent = recent.baseAddress else { return }
      @inline(__always)
      func keep(_ word: UInt32, _ index: Int) {
        recent[index & 15] = word
        let constant = constants.load(fromByteOffset: 16 &* index, as: UInt32.self)
        schedule.storeBytes(of: word &+ constant, toByteOffset: 16 &* index, as: UInt32.self)
      }
      var index = 0
      while index < 16 {
        keep(word(block, 4 &* index), index)
        index &+= 1
      }
      while index < 64 {
        let second = recent[(index &+ 1) & 15]
        let last = recent[(index &+ 14) & 15]
        let sum = recent[index & 15] &+ recent[(index &+ 9) & 15]
        keep(
          sum &+ (rotated(second, 7) ^ rotated(second, 18) ^ second &>> 3)
            &+ (rotated(last, 17) ^ rotated(last, 19) ^ last &>> 10), index)
        index &+= 1
      }
    }
  }

  /// The 64 rounds of one block, whose words lie 16 bytes apart; calls with 0, 2, … 14 between them.
  @inline(__always)
  private static func rounds(
    _ state: inout SIMD8<UInt32>, _ schedule: UnsafeRawPointer, beside: (Int) -> Void
  ) {
    var a = state[0]
    var b = state[1]
    var c = state[2]
    var d = state[3]
    var e = state[4]
    var f = state[5]
    var g = state[6]
    var h = state[7]
    // Maj(a, b, c) is b ^ ((a ^ b) & (b ^ c)), and the next round's b ^ c is this round's a ^ b.
    var common = b ^ c
    var words = schedule
    var step = 0
    while step < 16 {
      beside(step)
      @inline(__always)
      func round(
        _ a: UInt32, _ b: UInt32, _ d: inout UInt32, _ e: UInt32, _ f: UInt32, _ g: UInt32, _ h: inout UInt32,
        _ index: Int
      ) {
        h =
          h &+ words.load(fromByteOffset: 16 &* index, as: UInt32.self) &+ (g ^ (e & (f ^ g)))
          &+ (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25))
        d = d &+ h
        let both = a ^ b
        common &= both
        h = h &+ (common ^ b) &+ (rotated(rotated(rotated(a, 9) ^ a, 11) ^ a, 2))
        common = both
      }
      round(a, b, &d, e, f, g, &h, 0)
      round(h, a, &c, d, e, f, &g, 1)
      round(g, h, &b, c, d, e, &f, 2)
      round(f, g, &a, b, c, d, &e, 3)
      round(e, f, &h, a, b, c, &d, 4)
      round(d, e, &g, h, a, b, &c, 5)
      round(c, d, &f, g, h, a, &b, 6)
      round(b, c, &e, f, g, h, &a, 7)
      words += 128
      step &+= 2
    }
    state = state &+ SIMD8(a, b, c, d, e, f, g, h)
  }
}
