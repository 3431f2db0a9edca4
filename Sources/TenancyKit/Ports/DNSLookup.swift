public import SaaSCore

/// Reads the public DNS.
///
/// A host application implements it over a resolver that it trusts, or uses the DNSOverHTTPS module; ``DomainService``
/// calls it. What it answers decides who owns a name, so an implementation must not take answers from a place that a
/// tenant can write to. `DNSOverHTTPS` can ask several resolvers and have them agree.
///
/// An implementation guarantees:
/// - ``DNSAnswer/noSuchName`` and an empty list are given only where the DNS said so; that it could not be asked, did not
///   answer in time, or answered with a failure (SERVFAIL and REFUSED among them) is a ``DNSLookupError``. Nothing follows
///   from an error, and a domain is never taken from a tenant because of one.
/// - Aliases on the way to the records are followed, and the alias records themselves are left out of an answer that did
///   not ask for them.
/// - A text that was sent in several strings is one value, joined without anything between (RFC 7208 §3.3 for the usage).
/// - It returns within a time of its own, some seconds.
public protocol DNSLookup: Sendable {
  /// The values of the records of one kind at a name, in no particular order.
  func records(_ kind: DNSRecord.Kind, at name: DNSName) async throws(DNSLookupError) -> DNSAnswer
}

/// What the DNS said.
public enum DNSAnswer: Sendable, Hashable {
  /// The values of the records; empty where the name exists and has none of the kind.
  case values([String])
  /// There is no such name (NXDOMAIN, RFC 8020).
  case noSuchName

  /// The values, none where there is no such name.
  public var values: [String] {
    if case .values(let values) = self { return values }
    return []
  }
}

/// Why the DNS gave no answer; nothing follows from it.
public enum DNSLookupError: Error, Sendable, Hashable {
  /// The name's own servers failed or contradict themselves (SERVFAIL): trying again helps only once they are repaired.
  case serverFailure
  /// The resolver answered with this response code, which is neither an answer nor SERVFAIL.
  case responseCode(Int)
  /// The resolvers that had to agree did not.
  case disagreement
  /// The resolver wants no more questions for now, perhaps until an instant.
  case rateLimited(until: Timestamp?)
  /// The resolver could not be reached, or what it sent could not be read; the text is for the operator's log.
  case unavailable(String)
}
