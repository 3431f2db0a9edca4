import Foundation

/// A thread that does one thing.
final class WorkThread: Sendable {
  private let finished = DispatchSemaphore(value: 0)

  init(_ body: @escaping @Sendable () -> Void) {
    let finished = finished
    let thread = Thread {
      body()
      finished.signal()
    }
    thread.start()
  }

  func wait() { finished.wait() }
}
