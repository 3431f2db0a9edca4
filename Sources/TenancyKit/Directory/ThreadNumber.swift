internal import Foundation
internal import SaaSCore

/// A number for each thread that runs, so that threads count themselves in different places: no two threads that run at once
/// have the same, but for those that were given ``shared``. The numbers of threads that ended are given to new ones.
enum ThreadNumber {
  /// The number of all threads for which the system can keep none.
  static let shared = Int(UInt16.max)

  private struct Numbers {
    var next = 0
    var free: [Int] = []
  }

  private static let numbers = Lock(Numbers())

  /// What a thread's number is kept by. Those who ask often keep it, because each reading of a global asks first whether it
  /// was made.
  struct Key {
    // The value is the thread's number plus one, so that nil means that it has none yet.
    fileprivate let value: pthread_key_t?
  }

  static let key = Key(value: makeKey())

  private static func makeKey() -> pthread_key_t? {
    var key = pthread_key_t()
    let isMade = pthread_key_create(&key) { value in ThreadNumber.giveBack(Int(bitPattern: value) - 1) } == 0
    return isMade ? key : nil
  }

  /// The number of the thread that runs.
  @inline(__always)
  static func current(_ key: Key) -> Int {
    if let key = key.value, let value = pthread_getspecific(key) { return Int(bitPattern: value) &- 1 }
    return assign(key)
  }

  @inline(never)
  private static func assign(_ key: Key) -> Int {
    guard let key = key.value else { return shared }
    let number = numbers.withLock { numbers in
      if let number = numbers.free.popLast() { return number }
      guard numbers.next < shared else { return shared }
      numbers.next += 1
      return numbers.next - 1
    }
    if pthread_setspecific(key, UnsafeRawPointer(bitPattern: number + 1)) == 0 { return number }
    giveBack(number)
    return shared
  }

  /// Called as a thread ends, or for a number that could not be kept.
  private static func giveBack(_ number: Int) {
    guard number < shared else { return }
    numbers.withLock { $0.free.append(number) }
  }
}
