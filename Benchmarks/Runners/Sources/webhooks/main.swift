import BillingKit
import Foundation
import SaaSCore
import StripeGateway

// webhooks FOLDER PASSES: verifies and decodes the event in FOLDER/body.json under FOLDER/signature.txt, and hashes its
// bytes; nanoseconds each. webhooks FOLDER PASSES TIMES: verifies and decodes it so many times and measures nothing, for a
// tool that counts instructions.

let folder = CommandLine.arguments[1]
let passes = Int(CommandLine.arguments[2]) ?? 3
let body = try Array(Data(contentsOf: URL(fileURLWithPath: folder + "/body.json")))
let header = try String(contentsOfFile: folder + "/signature.txt", encoding: .utf8)
  .trimmingCharacters(in: .whitespacesAndNewlines)
guard let secret = StripeWebhookSecret("whsec_benchmark") else { exit(1) }
let webhooks = StripeWebhooks(secrets: [secret])
let now = Timestamp(seconds: 1_760_000_000)

func best(_ count: Int, _ body: () throws -> Void) rethrows -> Double {
  let clock = ContinuousClock()
  var least = Double.infinity
  for pass in 0...passes {
    let time = try clock.measure { for _ in 0..<count { try body() } }
    if pass > 0 { least = min(least, time / .nanoseconds(1) / Double(count)) }
  }
  return least
}

if CommandLine.arguments.count > 3 {
  for _ in 0..<(Int(CommandLine.arguments[3]) ?? 0) { _ = try webhooks.event(body: body, signature: header, at: now) }
  exit(0)
}
let event = try webhooks.event(body: body, signature: header, at: now)
print("check.event \(event.id)")
print("verify", try best(2_000) { _ = try webhooks.event(body: body, signature: header, at: now) })
print("check.sha256 \(SHA256.hash(body).hexadecimal)")
print("sha256", best(5_000) { _ = SHA256.hash(body) })
