import BillingKit
import Foundation
import LoopbackServer
import SaaSCore
import SaaSTesting
import StripeGateway
import Testing

/// Payloads written from Stripe's documented shapes, and gateways to a server of the test's own.
enum StripeFixture {
  static let key = "sk_test_hidden_key"
  static let start = Timestamp(seconds: 1_750_000_000)
  static let transport = SilenceTransport()

  static var folder: URL { Bundle.module.bundleURL.appendingPathComponent("Fixtures") }

  static func text(_ name: String) throws -> String {
    try String(contentsOf: folder.appendingPathComponent(name + ".json"), encoding: .utf8)
  }

  static func list(_ elements: [String], hasMore: Bool = false) -> String {
    "{\"object\":\"list\",\"data\":[\(elements.joined(separator: ","))],\"has_more\":\(hasMore),\"url\":\"/\"}"
  }

  /// An event of a type about an object, in the format of snapshots.
  static func event(
    _ type: String, about object: String, id: String = "evt_1", extra: String = "",
    version: String = "2026-10-28.endive"
  ) -> [UInt8] {
    Array(
      """
      {"id":"\(id)","object":"event","api_version":"\(version)","created":1750000000,"livemode":false,\(extra)
      "type":"\(type)","pending_webhooks":1,"request":null,"data":{"object":\(object),"previous_attributes":{"a":1}}}
      """.utf8)
  }

  static func configuration(
    _ server: LoopbackServer, attempts: Int = 3, apiVersion: String? = nil
  ) throws -> StripeConfiguration {
    StripeConfiguration(
      apiVersion: apiVersion ?? StripeConfiguration.pinnedVersion, baseURL: try HTTPURL(server.baseURL),
      retryPolicy: RetryPolicy(
        maximumAttempts: attempts, firstDelay: .milliseconds(1), longestDelay: .milliseconds(2),
        deadline: .seconds(900)))
  }

  static func apiKey() throws -> StripeAPIKey { try #require(StripeAPIKey(key)) }

  static func gateway(_ configuration: StripeConfiguration) throws -> StripeGateway {
    StripeGateway(
      key: try apiKey(), transport: transport, configuration: configuration,
      random: RandomSource(SeededGenerator(seed: 1)))
  }

  static func gateway(_ server: LoopbackServer) throws -> StripeGateway { try gateway(configuration(server)) }

  /// A good answer with Stripe's usual headers.
  static func answer(_ text: String, status: Int = 200, headers: [(String, String)] = []) -> LoopbackReply {
    .json(
      text, status: status, headers: [("Request-Id", "req_7"), ("Date", "Sun, 15 Jun 2025 15:06:40 GMT")] + headers)
  }
}
