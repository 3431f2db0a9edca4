/// Random numbers that several tasks draw from, passed in so that a test can determine them.
public struct RandomSource: RandomNumberGenerator, Sendable {
  private let draw: @Sendable () -> UInt64

  /// A source that draws from a function.
  public init(_ draw: @escaping @Sendable () -> UInt64) { self.draw = draw }

  /// A source that draws from a generator, one task at a time.
  public init(_ generator: some RandomNumberGenerator & Sendable) {
    let shared = Lock(generator)
    draw = { shared.withLock { $0.next() } }
  }

  /// The system's own source, fit for secrets.
  public static let system = RandomSource {
    var generator = SystemRandomNumberGenerator()
    return generator.next()
  }

  public mutating func next() -> UInt64 { draw() }
}
