internal import Foundation
internal import SaaSCore

/// A plain HTTP/1.1 server on 127.0.0.1 whose behaviour a test writes down, faults included.
///
/// Every connection carries one request and is then closed. It has threads of its own, so that no test's task can hold it
/// up, and stops when it is let go.
public final class LoopbackServer: Sendable {
  private final class Core: Sendable {
    struct State {
      var listener: Socket?
      var connections: [Int: Socket] = [:]
      var last = 0
      var requests: [LoopbackRequest] = []
      var isStopped = false
    }

    let state: Lock<State>
    let handler: @Sendable (LoopbackRequest) -> LoopbackReply

    init(listener: Socket, handler: @escaping @Sendable (LoopbackRequest) -> LoopbackReply) {
      state = Lock(State(listener: listener))
      self.handler = handler
    }
  }

  private let core: Core
  /// The port that the system chose.
  public let port: UInt16

  /// A server that answers every request by a function, which may be called from several threads at once.
  public init(_ handler: @escaping @Sendable (LoopbackRequest) -> LoopbackReply) throws {
    let listener = try Socket.listening()
    port = try listener.port()
    core = Core(listener: listener, handler: handler)
    let core = core
    Thread.detachNewThread {
      while let connection = listener.accepted() {
        let number: Int? = core.state.withLock { state in
          guard !state.isStopped else { return nil }
          state.last += 1
          state.connections[state.last] = connection
          return state.last
        }
        guard let number else {
          connection.close()
          continue
        }
        Thread.detachNewThread { Self.serve(connection, number, core) }
      }
      listener.close()
    }
  }

  /// A server that gives the replies in order, and 599 after the last.
  public convenience init(replies: [LoopbackReply]) throws {
    let rest = Lock(replies)
    try self.init { _ in
      let next: LoopbackReply? = rest.withLock { $0.isEmpty ? nil : $0.removeFirst() }
      return next ?? .respond(status: 599, headers: [], body: [])
    }
  }

  deinit { stop() }

  /// Where the server is.
  public var baseURL: String { "http://127.0.0.1:\(port)" }

  /// The requests that were read whole, in the order in which they were.
  public var requests: [LoopbackRequest] { core.state.withLock { $0.requests } }

  /// How many connections are open.
  public var openConnectionCount: Int { core.state.withLock { $0.connections.count } }

  /// Ends every connection and takes no more.
  public func stop() {
    core.state.withLock { state in
      state.isStopped = true
      state.listener?.shutDown()
      state.listener = nil
      for connection in state.connections.values { connection.shutDown() }
    }
  }

  /// A port on which nobody listens.
  public static func closedPort() throws -> UInt16 {
    let socket = try Socket.listening()
    defer { socket.close() }
    return try socket.port()
  }

  private static func serve(_ connection: Socket, _ number: Int, _ core: Core) {
    var resets = false
    if let request = connection.readRequest() {
      core.state.withLock { $0.requests.append(request) }
      switch core.handler(request) {
      case .respond(let status, let headers, let body):
        connection.write(head(status, headers + [("Content-Length", "\(body.count)")]) + body)
      case .trickle(let status, let pieces, let pause, let announcesLength):
        let length = announcesLength ? [("Content-Length", "\(pieces.joined().count)")] : []
        var isOpen = connection.write(head(status, length))
        for piece in pieces where isOpen {
          Thread.sleep(forTimeInterval: Double(pause.wholeMicroseconds) / 1_000_000)
          isOpen = connection.write(piece)
        }
      case .cutShort(let status, let announced, let body):
        connection.write(head(status, [("Content-Length", "\(announced)")]) + body)
      case .raw(let bytes): connection.write(bytes)
      case .reset: resets = true
      case .silence: connection.waitForEnd()
      }
    }
    // Taken out of the list first: once closed, the number may belong to another connection.
    core.state.withLock { state in _ = state.connections.removeValue(forKey: number) }
    if resets { connection.reset() } else { connection.close() }
  }

  private static func head(_ status: Int, _ headers: [(String, String)]) -> [UInt8] {
    let lines = ["HTTP/1.1 \(status) Status"] + (headers + [("Connection", "close")]).map { "\($0.0): \($0.1)" }
    return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
  }
}
