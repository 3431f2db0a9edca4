public import SaaSCore
public import TenancyKit

/// The public DNS, read over the JSON interface that public resolvers share (`application/dns-json`).
///
/// One resolver can be wrong, be lied to, or be slow to see a change; where much depends on an answer several can be asked,
/// so many of which have to give the same one.
/// (https://developers.google.com/speed/public-dns/docs/doh/json,
/// https://developers.cloudflare.com/1.1.1.1/encryption/dns-over-https/make-api-requests/dns-json/)
public struct DNSOverHTTPS: DNSLookup {
  /// Cloudflare's public resolver.
  public static let cloudflare = "https://cloudflare-dns.com/dns-query"
  /// Google's public resolver.
  public static let google = "https://dns.google/resolve"

  /// Why such a client cannot be made.
  public enum ConfigurationError: Error, Sendable, Hashable {
    /// A resolver's address is no URL.
    case resolver(String, HTTPURLError)
    /// There is no resolver, or more have to agree than there are, or none.
    case agreement
  }

  private let resolvers: [HTTPURL]
  private let agreeing: Int
  private let sender: RetryingSender
  private let clock: any WallClock
  private let timeout: Duration

  /// A client for some resolvers.
  ///
  /// - Parameters:
  ///   - resolvers: the addresses of their JSON interfaces, in the order in which they are asked.
  ///   - agreeing: how many of them have to give the same answer; with 1 the first that answers decides.
  ///   - timeout: how long one resolver may take.
  ///   - retries: how often one resolver is asked; by default twice, within ten seconds.
  /// - Throws: ``ConfigurationError``
  public init(
    resolvers: [String] = [cloudflare, google], agreeing: Int = 2, transport: any HTTPTransport,
    timeout: Duration = .seconds(5),
    retries: RetryPolicy = RetryPolicy(maximumAttempts: 2, firstDelay: .milliseconds(200), deadline: .seconds(10)),
    clock: any WallClock = SystemWallClock(), random: RandomSource = .system
  ) throws(ConfigurationError) {
    guard agreeing >= 1, agreeing <= resolvers.count else { throw .agreement }
    var urls: [HTTPURL] = []
    for resolver in resolvers {
      do { urls.append(try HTTPURL(resolver)) } catch { throw .resolver(resolver, error) }
    }
    self.resolvers = urls
    self.agreeing = agreeing
    self.clock = clock
    self.timeout = timeout
    sender = RetryingSender(transport: transport, policy: retries, clock: clock, random: random)
  }

  /// Asks the resolvers in order until enough agree.
  ///
  /// Two answers are the same if their values are, in any order.
  public func records(_ kind: DNSRecord.Kind, at name: DNSName) async throws(DNSLookupError) -> DNSAnswer {
    var votes: [(answer: DNSAnswer, count: Int)] = []
    var failure: DNSLookupError?
    for resolver in resolvers {
      let answer: DNSAnswer
      do { answer = try await ask(resolver, kind, at: name) } catch {
        failure = failure ?? error
        continue
      }
      let index = votes.firstIndex { Self.areSame($0.answer, answer) } ?? votes.count
      if index == votes.count { votes.append((answer, 0)) }
      votes[index].count += 1
      if votes[index].count >= agreeing { return votes[index].answer }
    }
    // That they contradict each other says more than that one of them failed.
    throw votes.count > 1 ? .disagreement : failure ?? .disagreement
  }

  private static func areSame(_ left: DNSAnswer, _ right: DNSAnswer) -> Bool {
    switch (left, right) {
    case (.noSuchName, .noSuchName): true
    case (.values(let left), .values(let right)): Set(left) == Set(right)
    case (.noSuchName, .values), (.values, .noSuchName): false
    }
  }

  private func ask(_ resolver: HTTPURL, _ kind: DNSRecord.Kind, at name: DNSName) async throws(DNSLookupError)
    -> DNSAnswer
  {
    var headers = HTTPHeaders()
    do { try headers.append("Accept", "application/dns-json") } catch { throw .unavailable("\(error)") }
    let url = resolver.appending(query: [("name", name.rawValue), ("type", kind.rawValue)])
    let request = HTTPRequest(
      .get, url, headers: headers, timeout: timeout, maximumResponseBodyCount: 1 << 18)
    let response: HTTPResponse
    do {
      response = try await sender.send(request, deciding: RetryingSender.Decision.repeatable).response
    } catch {
      throw .unavailable("no answer from \(resolver.withoutQuery): \(error)")
    }
    if response.status == 429 {
      let now = clock.now()
      throw .rateLimited(until: RetryAdvice.delay(in: response, at: now).map { now + $0 })
    }
    guard response.isSuccess else { throw .unavailable("\(resolver.withoutQuery) answered \(response.status)") }
    return try DNSMessage.answer(to: kind, in: response.body)
  }
}
