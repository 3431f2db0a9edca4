internal import SaaSCore
internal import TenancyKit

/// The calls to Vercel's REST API: one request each, its retries, and the reading of its answer.
struct VercelCalls: Sendable {
  let base: HTTPURL
  let project: String
  let team: VercelDomains.Team?
  /// Has the token; headers show no values.
  let headers: HTTPHeaders
  let clock: any WallClock
  let sender: RetryingSender

  /// A call that answers with a project's domain.
  func domain(in method: HTTPRequest.Method, _ path: [String], body: [UInt8] = []) async throws(VercelFailure)
    -> ProviderDomain
  {
    let root = try await json(method, path, body: body)
    guard let isVerified = root["verified"]?.bool else { throw .unknown("Vercel's answer has no `verified`") }
    var challenges: [DNSRecord] = []
    if let list = root["verification"] {
      for entry in list.elements {
        guard entry["type"]?.isString("TXT") ?? false, let name = entry["domain"]?.string.flatMap({ DNSName($0) }),
          let value = entry["value"]?.string
        else { continue }
        challenges.append(DNSRecord(.txt, name, value, for: .providerOwnership))
      }
    }
    return ProviderDomain(isVerified: isVerified, challenges: isVerified ? [] : challenges)
  }

  /// The call that answers where a domain's DNS leads.
  func routing(_ path: [String], fallback: VercelDomains.Routing) async throws(VercelFailure) -> ProviderRouting {
    let root = try await json(.get, path, query: [("projectIdOrName", project)])
    guard let isMisconfigured = root["misconfigured"]?.bool else {
      throw .unknown("Vercel's answer has no `misconfigured`")
    }
    let addresses = best(of: root["recommendedIPv4"])?.elements.compactMap(\.string) ?? []
    let alias = best(of: root["recommendedCNAME"])?.string.flatMap { DNSName($0) }
    return ProviderRouting(
      isConfigured: !isMisconfigured, addresses: addresses.isEmpty ? fallback.addresses : addresses,
      alias: alias ?? fallback.alias)
  }

  /// The value with the lowest rank.
  private func best(of recommendations: JSONValue?) -> JSONValue? {
    var best: (rank: Int64, value: JSONValue)?
    guard let recommendations else { return nil }
    for entry in recommendations.elements {
      guard let rank = entry["rank"]?.int64, let value = entry["value"] else { continue }
      if best.map({ rank < $0.rank }) ?? true { best = (rank, value) }
    }
    return best?.value
  }

  /// A call whose answer says nothing but that it succeeded.
  func discard(in method: HTTPRequest.Method, _ path: [String]) async throws(VercelFailure) {
    _ = try await send(method, path)
  }

  private func json(
    _ method: HTTPRequest.Method, _ path: [String], query: [(name: String, value: String)] = [], body: [UInt8] = []
  ) async throws(VercelFailure) -> JSONValue {
    let response = try await send(method, path, query: query, body: body)
    do { return try JSONDocument(response.body, duplicateNames: .lastWins).root } catch {
      throw .unknown("Vercel's answer is no JSON: \(error)")
    }
  }

  private func send(
    _ method: HTTPRequest.Method, _ path: [String], query: [(name: String, value: String)] = [], body: [UInt8] = []
  ) async throws(VercelFailure) -> HTTPResponse {
    var url = base
    do { for segment in path { url = try url.appending(path: segment) } } catch {
      throw .unknown("no such address: \(error)")
    }
    switch team {
    case .id(let id)?: url = url.appending(query: [("teamId", id)])
    case .slug(let slug)?: url = url.appending(query: [("slug", slug)])
    case nil: break
    }
    var headers = headers
    if !body.isEmpty {
      do { try headers.append("Content-Type", "application/json") } catch { throw .unknown("\(error)") }
    }
    let request = HTTPRequest(
      method, url.appending(query: query), headers: headers, body: body, timeout: .seconds(15),
      maximumResponseBodyCount: 1 << 20)
    let exchange: RetryingSender.Exchange
    do { exchange = try await sender.send(request, deciding: RetryingSender.Decision.repeatable) } catch {
      throw VercelFailure(error)
    }
    guard exchange.response.isSuccess else { throw VercelFailure(exchange.response, at: clock.now()) }
    return exchange.response
  }
}
