import Foundation
@testable import SaaSCore
import SaaSTesting
import Testing

@Suite struct SHA256Tests {
  /// FIPS 180-4's examples as NIST publishes them, and the empty message.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
    (
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ),
  ])
  func `published messages have their published hashes`(message: String, expected: String) {
    #expect(SHA256.hash(Array(message.utf8)).hexadecimal == expected)
    var portable = PortableSHA256()
    portable.update(Array(message.utf8).span)
    #expect(portable.digest().hexadecimal == expected)
  }

  @Test func `a million letters have their published hash, in whatever pieces they come`() {
    var hash = PortableSHA256()
    let letters = [UInt8](repeating: 0x61, count: 5_000)
    var left = 1_000_000
    var piece = 1
    while left > 0 {
      let count = min(piece, left)
      hash.update(letters.span.extracting(0..<count))
      left -= count
      piece = piece * 7 % 4_999 + 1
    }
    let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    #expect(hash.digest().hexadecimal == expected)
    // Asking for the hash does not end it.
    #expect(hash.digest().hexadecimal == expected)
  }

  @Test(arguments: UInt64(1)...4)
  func `pieces make the hash of the whole`(seed: UInt64) {
    var dice = SeededGenerator(seed: seed)
    for _ in 0..<100 {
      let bytes = Array(randomBytes: Int.random(in: 0...2_000, using: &dice), using: &dice)
      var whole = PortableSHA256()
      whole.update(bytes.span)
      var pieces = PortableSHA256()
      var start = 0
      while start < bytes.count {
        let end = min(bytes.count, start + Int.random(in: 0...300, using: &dice))
        pieces.update(bytes.span.extracting(start..<end))
        start = end
      }
      #expect(whole.digest() == pieces.digest(), "seed \(seed), \(bytes.count) bytes")
      #expect(whole.digest() == SHA256.hash(bytes), "seed \(seed), \(bytes.count) bytes")
    }
  }

  @Test(.enabled(if: OpenSSL.isThere), arguments: [UInt64(1)])
  func `every length up to 1 000 has the hash and the code that openssl finds`(seed: UInt64) throws {
    var dice = SeededGenerator(seed: seed)
    let messages = (0...1_000).map { Array<UInt8>(randomBytes: $0, using: &dice) }
    let key = Array<UInt8>(randomBytes: 32, using: &dice)
    let hashes = try OpenSSL.digests(of: messages, ["dgst", "-sha256", "-r"])
    let hexadecimalKey = key.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    let codes = try OpenSSL.digests(
      of: messages, ["dgst", "-sha256", "-r", "-mac", "HMAC", "-macopt", "hexkey:" + hexadecimalKey])
    let code = HMACSHA256(key: key)
    for (index, message) in messages.enumerated() {
      var portable = PortableSHA256()
      portable.update(message.span)
      #expect(portable.digest().hexadecimal == hashes[index], "seed \(seed), length \(index)")
      #expect(code.code(for: message).hexadecimal == codes[index], "seed \(seed), length \(index)")
    }
  }

  /// RFC 4231 §4.
  @Test(arguments: [
    (
      [UInt8](repeating: 0x0b, count: 20), Array("Hi There".utf8),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      [UInt8](repeating: 0xaa, count: 20), [UInt8](repeating: 0xdd, count: 50),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
    ),
    (
      [UInt8](1...25), [UInt8](repeating: 0xcd, count: 50),
      "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
    ),
    (
      [UInt8](repeating: 0xaa, count: 131), Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
    (
      [UInt8](repeating: 0xaa, count: 131),
      Array(
        "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm."
          .utf8), "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
    ),
  ])
  func `published keys and messages have their published codes`(key: [UInt8], message: [UInt8], expected: String) {
    #expect(HMACSHA256(key: key).code(for: message).hexadecimal == expected)
  }

  /// RFC 4231 §4.6 publishes the first half alone.
  @Test func `a truncated code begins as published`() {
    let code = HMACSHA256(key: [UInt8](repeating: 0x0c, count: 20)).code(for: Array("Test With Truncation".utf8))
    #expect(code.hexadecimal.hasPrefix("a3b6167473100ee06e0c796c2955552b"))
  }

  @Test func `a digest is read from hexadecimal digits and nothing else`() throws {
    let digest = SHA256.hash(Array("abc".utf8))
    #expect(SHA256Digest(hexadecimal: digest.hexadecimal) == digest)
    #expect(SHA256Digest(hexadecimal: digest.hexadecimal.uppercased()) == digest)
    for text in [
      "", String(digest.hexadecimal.dropLast()), digest.hexadecimal + "0", "g" + digest.hexadecimal.dropFirst(),
      "é" + digest.hexadecimal.dropFirst(2),
    ] {
      #expect(SHA256Digest(hexadecimal: text) == nil, "\(text)")
    }
  }

  @Test func `digests that differ in one bit anywhere differ`() throws {
    let digest = SHA256.hash([])
    for bit in 0..<256 {
      var words = digest.words
      words[bit / 32] ^= 1 << UInt32(bit % 32)
      #expect(SHA256Digest(words: words) != digest)
    }
    #expect(HMACSHA256(key: [1]).isValid(HMACSHA256(key: [1]).code(for: [2]), for: [2]))
    #expect(!HMACSHA256(key: [1]).isValid(HMACSHA256(key: [1]).code(for: [2]), for: [3]))
  }

  @Test func `no description shows a key`() {
    let code = HMACSHA256(key: Array("hidden".utf8))
    var dumped = ""
    dump(code, to: &dumped)
    #expect("\(code)" == "HMACSHA256")
    #expect(dumped.split(separator: "\n").count == 1)
  }
}

extension [UInt8] {
  init(randomBytes count: Int, using dice: inout SeededGenerator) {
    self = (0..<count).map { _ in UInt8.random(in: 0...255, using: &dice) }
  }
}

/// The system's `openssl`, where there is one.
enum OpenSSL {
  private static let path = ["/usr/bin/openssl", "/usr/local/bin/openssl", "/opt/homebrew/bin/openssl"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  static var isThere: Bool { path != nil }

  /// What one run says of each message.
  static func digests(of messages: [[UInt8]], _ arguments: [String]) throws -> [String] {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("digests-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for (index, message) in messages.enumerated() {
      // Foundation's own writing waits for the disk, a thousand times over.
      let file = try #require(fopen(folder.appendingPathComponent("\(index)").path, "wb"))
      #expect(fwrite(message, 1, message.count, file) == message.count)
      fclose(file)
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(path))
    process.currentDirectoryURL = folder
    process.arguments = arguments + messages.indices.map { "\($0)" }
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let output = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    let lines = String(decoding: output, as: UTF8.self).split(separator: "\n")
    try #require(lines.count == messages.count)
    return lines.map { String($0.prefix { $0 != " " }) }
  }
}
