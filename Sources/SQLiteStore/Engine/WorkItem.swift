#if SQLite
  internal import SaaSCore

  /// One caller's work, waiting in a queue or being done.
  // Sendable: the caller makes it and leaves it to one thread through a WorkQueue; nobody else ever touches it.
  class WorkItem: @unchecked Sendable {
    /// Does the work and keeps its outcome, in place of one that it had; says whether it succeeded.
    func run(on connection: Connection) -> Bool { false }

    /// Makes the store's failure the outcome.
    func fail(_ error: StoreError) {}

    /// Gives the outcome to the caller; called once.
    func answer() {}
  }

  /// The work of a caller that waits for an answer.
  final class Call<Answer: Sendable, Failure: StoreFailing>: WorkItem, @unchecked Sendable {
    typealias Work = @Sendable (Transaction<Failure>) throws(Failure) -> Answer

    private let work: Work
    // Checked, and not unsafe: its code is the standard library's own, whose way of waking a task the thread sanitizer
    // does not take for a race. It costs little beside a transaction.
    private let continuation: CheckedContinuation<Result<Answer, Failure>, Never>
    private var outcome = Result<Answer, Failure>.failure(Failure(.unavailable(.closed)))

    init(_ work: @escaping Work, _ continuation: CheckedContinuation<Result<Answer, Failure>, Never>) {
      self.work = work
      self.continuation = continuation
    }

    override func run(on connection: Connection) -> Bool {
      do throws(Failure) {
        outcome = .success(try work(Transaction(connection: connection)))
        return true
      } catch {
        outcome = .failure(error)
        return false
      }
    }

    override func fail(_ error: StoreError) { outcome = .failure(Failure(error)) }

    override func answer() { continuation.resume(returning: outcome) }
  }
#endif
