import BillingKit
import SaaSCore
import SaaSTesting
import StripeGateway
import Testing

@Suite struct StripeWebhookTests {
  let now = StripeFixture.start
  let body = StripeFixture.event("unknown.type", about: "{}")

  static func sign(_ body: [UInt8], _ secret: String, at instant: String) -> String {
    HMACSHA256(key: Array(secret.utf8)).code(for: Array((instant + ".").utf8) + body).hexadecimal
  }

  private func webhooks(_ secrets: String...) throws -> StripeWebhooks {
    StripeWebhooks(secrets: try secrets.map { try #require(StripeWebhookSecret($0)) })
  }

  /// Headers by what they are made of: `A` signs with whsec_a, `B` with whsec_b.
  @Test(
    arguments: [
      ("t=1750000000,v1=A", nil), ("v1=A,t=1750000000", nil), ("t=1750000000, v1=A", nil),
      ("t=1750000000,v1=B,v1=A", nil), ("t=1750000000,v1=A,v1=B,v0=xyz", nil), ("t=1750000000,v1=zz,v1=A", nil),
      ("t=1750000000,v2=9,v1=A", nil), ("t=1749999700,v1=A", nil), ("t=1750000300,v1=A", nil),
      ("t=1749999699,v1=A", .outsideTolerance(signedAt: Timestamp(seconds: 1_749_999_699))),
      ("t=1750000301,v1=A", .outsideTolerance(signedAt: Timestamp(seconds: 1_750_000_301))),
      ("t=0,v1=A", .outsideTolerance(signedAt: Timestamp(seconds: 0))),
      ("t=999999999999,v1=A", .outsideTolerance(signedAt: Timestamp(seconds: 999_999_999_999))),
      ("t=1750000000,v1=B", .signatureMismatch), ("t=1750000000,v1=", .signatureMismatch),
      ("t=1750000000,v1=zz", .signatureMismatch), ("t=1749999699,v1=B", .signatureMismatch),
      ("t=1750000000,v0=A", .malformedSignature), ("t=1750000000", .malformedSignature),
      ("v1=A", .malformedSignature), ("", .malformedSignature), (",", .malformedSignature),
      ("t=1750000000,v1", .malformedSignature), ("t=,v1=A", .malformedSignature), ("t=x,v1=A", .malformedSignature),
      ("t=-1,v1=A", .malformedSignature), ("t=1e3,v1=A", .malformedSignature),
      ("t=99999999999999999999,v1=A", .malformedSignature), ("t=1750000000,t=1750000000,v1=A", .malformedSignature),
      ("T=1750000000,v1=A", .malformedSignature),
    ] as [(String, WebhookRefusal?)])
  func `a header is believed or refused`(template: String, refusal: WebhookRefusal?) throws {
    let instant = template.split(separator: ",").first { $0.hasPrefix("t=") }.map { String($0.dropFirst(2)) } ?? ""
    let header = template.replacing("=A", with: "=" + Self.sign(body, "whsec_a", at: instant))
      .replacing("=B", with: "=" + Self.sign(body, "whsec_b", at: instant))
    expect(try webhooks("whsec_a"), body, header, refusal)
  }

  private func expect(_ webhooks: StripeWebhooks, _ body: [UInt8], _ header: String?, _ refusal: WebhookRefusal?) {
    do throws(WebhookRefusal) {
      let event = try webhooks.event(body: body, signature: header, at: now)
      #expect(refusal == nil, "\(event)")
    } catch {
      #expect(error == refusal, "\(header ?? "no header")")
    }
  }

  @Test func `a missing header, no secret and too many signatures are refused`() throws {
    let good = "t=1750000000,v1=" + Self.sign(body, "whsec_a", at: "1750000000")
    expect(try webhooks("whsec_a"), body, nil, .malformedSignature)
    expect(StripeWebhooks(secrets: []), body, good, .signatureMismatch)
    expect(try webhooks("whsec_a"), body, good + String(repeating: ",v1=00", count: 50), .malformedSignature)
    expect(try webhooks("whsec_a"), body, good + "," + String(repeating: "x=", count: 5_000), .malformedSignature)
  }

  @Test func `either secret is believed while one is rolled over`() throws {
    for secret in ["whsec_a", "whsec_b"] {
      let header = "t=1750000000,v1=" + Self.sign(body, secret, at: "1750000000")
      expect(try webhooks("whsec_b", "whsec_a"), body, header, nil)
      expect(try webhooks("whsec_c"), body, header, .signatureMismatch)
    }
  }

  @Test(arguments: UInt64(1)...5)
  func `a body altered in any byte is refused before it is read`(seed: UInt64) throws {
    var dice = SeededGenerator(seed: seed)
    let header = "t=1750000000,v1=" + Self.sign(body, "whsec_a", at: "1750000000")
    let webhooks = try self.webhooks("whsec_a")
    for _ in 0..<40 {
      var altered = body
      altered[Int.random(in: 0..<body.count, using: &dice)] ^= UInt8.random(in: 1...255, using: &dice)
      expect(webhooks, altered, header, .signatureMismatch)
    }
    expect(webhooks, Array(body.dropLast()), header, .signatureMismatch)
    expect(webhooks, body + [0x20], header, .signatureMismatch)
    // Not even text: nothing reads it.
    expect(webhooks, [0xff, 0xfe], header, .signatureMismatch)
  }

  @Test func `empty and large bodies are signed like others, and too large ones are refused first`() throws {
    let webhooks = try self.webhooks("whsec_a")
    let empty = "t=1750000000,v1=" + Self.sign([], "whsec_a", at: "1750000000")
    expect(webhooks, [], empty, .unreadable("JSON: unexpectedEnd at byte 0"))
    let large = [UInt8](repeating: 0x20, count: 10 << 20)
    expect(webhooks, large, empty, .bodyTooLarge)
    let padded = body + [UInt8](repeating: 0x20, count: (1 << 20) - body.count)
    expect(webhooks, padded, "t=1750000000,v1=" + Self.sign(padded, "whsec_a", at: "1750000000"), nil)
    expect(webhooks, padded + [0x20], empty, .bodyTooLarge)
  }

  @Test(arguments: [
    "null", "[]", "1", "{}", #"{"type":"x"}"#, #"{"type":"x","id":"e"}"#, #"{"type":"x","id":"","created":1}"#,
    #"{"type":7,"id":"e","created":1}"#, #"{"type":"customer.deleted","id":"e","created":1}"#,
    #"{"type":"customer.deleted","id":"e","created":1,"data":{"object":{}}}"#,
    #"{"type":"customer.subscription.updated","id":"e","created":1,"data":{"object":{"id":"s"}}}"#,
    #"{"object":"v2.core.event","type":"x","id":"e","created":1}"#, "{\"type\":\"x\"",
  ])
  func `signed nonsense is unreadable and nothing worse`(text: String) throws {
    let body = Array(text.utf8)
    let header = "t=1750000000,v1=" + Self.sign(body, "whsec_a", at: "1750000000")
    let verifier = try webhooks("whsec_a")
    do throws(WebhookRefusal) {
      _ = try verifier.event(body: body, signature: header, at: now)
      Issue.record("\(text) was read")
    } catch {
      guard case .unreadable = error else {
        Issue.record("\(error)")
        return
      }
    }
  }
}
