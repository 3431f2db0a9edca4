import LoopbackServer
import SaaSCore
import Testing
import URLSessionTransport
import VercelDomains

/// A server on loopback that answers as Vercel's documentation says, call by call as a test scripts it.
final class VercelServer: Sendable {
  private struct Script {
    var replies: [String: [LoopbackReply]] = [:]
  }

  private let script = Lock(Script())
  private let server: Lock<LoopbackServer?>
  /// What the clients send by.
  let transport = PatientTransport(URLSessionTransport())

  init() throws {
    server = Lock(nil)
    let script = script
    let running = try LoopbackServer { request in
      let call = "\(request.method) \(request.path)"
      return script.withLock { script -> LoopbackReply in
        guard var rest = script.replies[call], let reply = rest.first else {
          return .json(#"{"error":{"code":"not_found","message":"nothing scripted"}}"#, status: 404)
        }
        // The last reply stays.
        if rest.count > 1 {
          rest.removeFirst()
          script.replies[call] = rest
        }
        return reply
      }
    }
    server.withLock { $0 = running }
  }

  func on(_ call: String, _ replies: LoopbackReply...) { script.withLock { $0.replies[call] = replies } }

  var requests: [LoopbackRequest] { server.withLock { $0?.requests ?? [] } }
  var calls: [String] { requests.map { "\($0.method) \($0.path)" } }
  var baseURL: String { server.withLock { $0?.baseURL ?? "" } }

  func client(team: VercelDomains.Team? = .id("team_1"), retries: RetryPolicy? = nil) throws -> VercelDomains {
    try VercelDomains(
      project: "gallery", team: team, token: "secret-token", transport: transport,
      baseURL: baseURL,
      retries: retries
        ?? RetryPolicy(
          maximumAttempts: 2, firstDelay: .milliseconds(1), longestDelay: .milliseconds(2),
          deadline: .seconds(900)))
  }

  static func error(_ status: Int, _ code: String) -> LoopbackReply {
    .json(#"{"error":{"code":"\#(code)","message":"told to people"}}"#, status: status)
  }

  static let verified = LoopbackReply.json(
    """
    {"name":"shop.example.com","apexName":"example.com","projectId":"prj_1","redirect":null,"redirectStatusCode":null,
    "gitBranch":null,"updatedAt":1750000000000,"createdAt":1750000000000,"verified":true}
    """)

  static let unverified = LoopbackReply.json(
    """
    {"name":"shop.example.com","apexName":"example.com","projectId":"prj_1","redirect":null,"gitBranch":null,
    "updatedAt":1750000000000,"createdAt":1750000000000,"verified":false,"verification":[{"type":"TXT",
    "domain":"_vercel.example.com","value":"vc-domain-verify=shop.example.com,0123456789","reason":"pending_domain_verification"}]}
    """)

  static let project = LoopbackReply.json(#"{"id":"prj_1","name":"gallery"}"#)
}
