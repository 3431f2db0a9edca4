internal import SaaSCore
internal import TenancyKit

/// How a call to Vercel failed.
enum VercelFailure: Error, Sendable, Hashable {
  /// It answered with this status and, where the body has one, a code.
  case answer(status: Int, code: String)
  /// It wants no more calls until an instant.
  case rateLimited(until: Timestamp?)
  /// There was no answer, or none that can be read; it may have acted.
  case unknown(String)

  /// Whether it is about who calls, and not about what for.
  var isAboutAccess: Bool {
    switch self {
    case .answer(status: 401, _), .answer(status: 402, _), .answer(status: 403, _): true
    case .answer, .rateLimited, .unknown: false
    }
  }

  /// What it means where it says nothing about a domain.
  var error: DomainProviderError {
    switch self {
    case .answer(status: 500..., let code): .unavailable("Vercel failed: \(code)")
    // In conflict with work that is under way there (a transfer, say), which ends.
    case .answer(status: 409, let code): .unavailable("Vercel is busy with the domain: \(code)")
    case .answer(_, let code): .platformRefused(code: code)
    case .rateLimited(let until): .rateLimited(until: until)
    case .unknown(let text): .unavailable(text)
    }
  }

  /// The failure of an answer that is no success.
  init(_ response: HTTPResponse, at now: Timestamp) {
    if response.status == 429 {
      self = .rateLimited(until: RetryAdvice.delay(in: response, at: now).map { now + $0 })
      return
    }
    let named = (try? JSONDocument(response.body))?.root["error"]?["code"]?.string
    // A code is a word; anything else is not repeated.
    let isWord = named.map { name in
      (1...64).contains(name.utf8.count)
        && name.utf8.allSatisfy { byte in
          switch byte {
          case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
          default: false
          }
        }
    }
    self = .answer(status: response.status, code: isWord == true ? named ?? "" : "http_\(response.status)")
  }

  /// The failure of a request without an answer.
  init(_ error: HTTPTransportError) { self = .unknown("no answer from Vercel: \(error)") }
}
