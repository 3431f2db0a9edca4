import SaaSCore
import TenancyKit

/// The ways to look hosts up, each over a range of requests; each gives how many were a tenant's.
enum LookUps {
  static let now = Timestamp(microseconds: 0)

  @inline(never)
  static func one(_ requests: Requests, _ range: Range<Int>, in index: HostIndex) -> Int {
    let bytes = requests.bytes.span
    let ends = requests.ends.span
    var start = range.lowerBound == 0 ? 0 : ends[range.lowerBound - 1]
    var found = 0
    for place in range {
      let end = ends[place]
      if index.verdict(forHost: bytes.extracting(start..<end), at: now).kind == .tenant { found &+= 1 }
      start = end
    }
    return found
  }

  @inline(never)
  static func batch(_ requests: Requests, _ range: Range<Int>, in index: HostIndex, of size: Int) -> Int {
    // A batch as a server has it: the values of so many requests in one buffer, and where each ends.
    var verdicts = Array(repeating: index.verdict(forHost: "", at: now), count: size)
    var ends = Array(repeating: 0, count: size)
    let bytes = requests.bytes.span
    let allEnds = requests.ends.span
    var found = 0
    var place = range.lowerBound
    var start = place == 0 ? 0 : allEnds[place - 1]
    while place < range.upperBound {
      let count = min(size, range.upperBound - place)
      var lanes = ends.mutableSpan
      for lane in 0..<count { lanes[lane] = allEnds[place + lane] - start }
      let end = allEnds[place + count - 1]
      var output = verdicts.mutableSpan
      index.verdicts(
        forHosts: bytes.extracting(start..<end), endingAt: ends.span.extracting(0..<count), at: now, into: &output)
      for lane in 0..<count where output[lane].kind == .tenant { found &+= 1 }
      place += count
      start = end
    }
    return found
  }

  @inline(never)
  static func strings(_ strings: [String], in index: HostIndex) -> Int {
    var found = 0
    let strings = strings.span
    for place in 0..<strings.count where index.verdict(forHost: strings[place], at: now).kind == .tenant { found &+= 1 }
    return found
  }

  /// Values that lie in an array each, as ``strings(_:in:)`` has them in a string each.
  @inline(never)
  static func arrays(_ arrays: [[UInt8]], in index: HostIndex) -> Int {
    var found = 0
    let arrays = arrays.span
    for place in 0..<arrays.count {
      let bytes = arrays[place]
      if index.verdict(forHost: bytes.span, at: now).kind == .tenant { found &+= 1 }
    }
    return found
  }

  @inline(never)
  static func one(_ requests: Requests, _ range: Range<Int>, in directory: HostDirectory) -> Int {
    let bytes = requests.bytes.span
    let ends = requests.ends.span
    var start = range.lowerBound == 0 ? 0 : ends[range.lowerBound - 1]
    var found = 0
    for place in range {
      let end = ends[place]
      if directory.verdict(forHost: bytes.extracting(start..<end), at: now).kind == .tenant { found &+= 1 }
      start = end
    }
    return found
  }

  @inline(never)
  static func contexts(_ requests: Requests, _ range: Range<Int>, in directory: HostDirectory) -> Int {
    let bytes = requests.bytes.span
    let ends = requests.ends.span
    var start = range.lowerBound == 0 ? 0 : ends[range.lowerBound - 1]
    var found = 0
    for place in range {
      let end = ends[place]
      let (_, context) = directory.verdictAndContext(forHost: bytes.extracting(start..<end), at: now)
      if case .some = context { found &+= 1 }
      start = end
    }
    return found
  }

  /// The same, each context kept until so many are and then let go, so that all of each is made: of one that its caller does
  /// not read, the compiler makes only what it has to.
  @inline(never)
  static func keptContexts(_ requests: Requests, _ range: Range<Int>, in directory: HostDirectory, of size: Int) -> Int
  {
    let bytes = requests.bytes.span
    let ends = requests.ends.span
    var start = range.lowerBound == 0 ? 0 : ends[range.lowerBound - 1]
    var found = 0
    var kept: [TenantContext] = []
    kept.reserveCapacity(size)
    for place in range {
      let end = ends[place]
      let (_, context) = directory.verdictAndContext(forHost: bytes.extracting(start..<end), at: now)
      if let context {
        found &+= 1
        if kept.count == size { kept.removeAll(keepingCapacity: true) }
        kept.append(context)
      }
      start = end
    }
    return found
  }

  /// One host again and again.
  @inline(never)
  static func hot(_ host: [UInt8], times: Int, in directory: HostDirectory) -> Int {
    let host = host.span
    var found = 0
    for _ in 0..<times where directory.verdict(forHost: host, at: now).kind == .tenant { found &+= 1 }
    return found
  }
}
