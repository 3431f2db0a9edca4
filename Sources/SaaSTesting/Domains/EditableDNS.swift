internal import SaaSCore
public import TenancyKit

/// A DNS that a test writes itself, and that fails when it is told to.
///
/// It answers as ``DNSLookup`` promises: a name without records is no name, one with others has no values, and aliases
/// are followed.
public final class EditableDNS: DNSLookup {
  private struct Zone {
    var records: [DNSName: [DNSRecord.Kind: [String]]] = [:]
    var failures: [DNSLookupError] = []
    var lasting: DNSLookupError?
    var lookups: [DNSName] = []
  }

  private let zone = Lock(Zone())

  /// A DNS without names.
  public init() {}

  /// Sets records beside those that are there.
  public func publish(_ records: [DNSRecord]) {
    for record in records { publish(record.kind, record.name, record.value) }
  }

  /// Sets one record beside those that are there.
  public func publish(_ kind: DNSRecord.Kind, _ name: DNSName, _ value: String) {
    zone.withLock { zone in
      let present = zone.records[name]?[kind] ?? []
      if !present.contains(value) { zone.records[name, default: [:]][kind] = present + [value] }
    }
  }

  /// Takes records away.
  public func withdraw(_ records: [DNSRecord]) {
    zone.withLock { zone in
      for record in records {
        zone.records[record.name]?[record.kind]?.removeAll { $0 == record.value }
        if zone.records[record.name]?[record.kind]?.isEmpty ?? false { zone.records[record.name]?[record.kind] = nil }
        if zone.records[record.name]?.isEmpty ?? false { zone.records[record.name] = nil }
      }
    }
  }

  /// Takes every record of every name away.
  public func withdrawAll() { zone.withLock { $0.records = [:] } }

  /// Has the next look-ups fail, one with each error.
  public func failNext(_ errors: DNSLookupError...) { zone.withLock { $0.failures += errors } }

  /// Has every look-up fail until it is told otherwise.
  public func fail(with error: DNSLookupError?) { zone.withLock { $0.lasting = error } }

  /// The names that were looked up, in order.
  public var lookups: [DNSName] { zone.withLock { $0.lookups } }

  public func records(_ kind: DNSRecord.Kind, at name: DNSName) async throws(DNSLookupError) -> DNSAnswer {
    let answer: Result<DNSAnswer, DNSLookupError> = zone.withLock { zone in
      zone.lookups.append(name)
      if let lasting = zone.lasting { return .failure(lasting) }
      if !zone.failures.isEmpty { return .failure(zone.failures.removeFirst()) }
      return Self.answer(kind, at: name, in: zone.records)
    }
    return try answer.get()
  }

  /// What is published at a name, without the failures of look-ups: what the rest of the world sees.
  public func published(_ kind: DNSRecord.Kind, at name: DNSName) -> [String] {
    zone.withLock { zone in
      switch Self.answer(kind, at: name, in: zone.records) {
      case .success(let answer): answer.values
      case .failure: []
      }
    }
  }

  private static func answer(
    _ kind: DNSRecord.Kind, at name: DNSName, in records: [DNSName: [DNSRecord.Kind: [String]]]
  ) -> Result<DNSAnswer, DNSLookupError> {
    var name = name
    for _ in 0..<8 {
      guard let here = records[name] else { return .success(.noSuchName) }
      if let values = here[kind] { return .success(.values(values)) }
      guard kind != .cname, let alias = here[.cname]?.first.flatMap({ DNSName($0) }) else {
        return .success(.values([]))
      }
      name = alias
    }
    // A circle of aliases.
    return .failure(.serverFailure)
  }
}
