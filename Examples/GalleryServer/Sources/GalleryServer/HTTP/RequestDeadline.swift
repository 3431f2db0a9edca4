internal import HTTPTypes
internal import NIOCore
internal import NIOHTTPTypes

/// Ends a connection whose client does not send a whole request in time, however steadily its bytes drip, or does not take
/// its answer.
///
/// The time runs from the connection's start and from the end of each answer until the end of the next request's body, and
/// apart from that while the client takes nothing of what is written. A request of which at least the first line came is answered with 408 (RFC 9110 §15.5.9),
/// unless an answer to it was begun before.
final class RequestDeadline: ChannelDuplexHandler, RemovableChannelHandler {
  typealias InboundIn = HTTPRequestPart
  typealias InboundOut = HTTPRequestPart
  typealias OutboundIn = HTTPResponsePart
  typealias OutboundOut = HTTPResponsePart

  /// How long the connection of a client that was told 408 is kept open for it to read that.
  private static let lingering = TimeAmount.seconds(1)

  private let patience: TimeAmount
  private let line = RequestLineWatch()
  private var deadline: Scheduled<Void>?
  /// Runs while more is written than the client takes.
  private var stall: Scheduled<Void>?
  /// Requests that are here whole and not answered.
  private var waiting = 0
  /// Whether an answer is being written.
  private var isAnswering = false
  /// Whether the request that is being read has its answer already.
  private var isAnsweredEarly = false
  /// Whether a request's head came and its end did not.
  private var isReading = false
  private var isOver = false

  init(_ patience: TimeAmount) { self.patience = patience }

  func handlerAdded(context: ChannelHandlerContext) {
    // Without it only whole heads are answered with 408.
    try? context.pipeline.syncOperations.addHandler(line, position: .first)
    if context.channel.isActive { begin(context) }
  }

  func channelActive(context: ChannelHandlerContext) {
    begin(context)
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    // What comes after the 408 must not be acted upon.
    if isOver { return }
    switch unwrapInboundIn(data) {
    case .head: isReading = true
    case .body: break
    case .end:
      isReading = false
      line.hasSeenLine = false
      if isAnsweredEarly {
        isAnsweredEarly = false
        begin(context)
      } else {
        waiting += 1
        end()
      }
    }
    context.fireChannelRead(data)
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    if isOver {
      promise?.fail(ChannelError.ioOnClosedChannel)
      return
    }
    switch unwrapOutboundIn(data) {
    case .head(let head) where head.status.kind == .informational: break
    case .head: isAnswering = true
    case .body: break
    case .end:
      isAnswering = false
      if waiting > 0 {
        waiting -= 1
        waiting == 0 ? begin(context) : end()
      } else {
        // The request's end is still to come; the time that it has runs on.
        isAnsweredEarly = true
      }
    }
    context.write(data, promise: promise)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    stall?.cancel()
    stall = context.channel.isWritable ? nil : after(patience, context) { context.close(promise: nil) }
    context.fireChannelWritabilityChanged()
  }

  func channelInactive(context: ChannelHandlerContext) {
    end()
    stall?.cancel()
    context.fireChannelInactive()
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    end()
    stall?.cancel()
  }

  private func begin(_ context: ChannelHandlerContext) {
    end()
    deadline = after(patience, context) { self.giveUp(context) }
  }

  private func after(_ time: TimeAmount, _ context: ChannelHandlerContext, _ body: @escaping () -> Void)
    -> Scheduled<Void>
  { context.eventLoop.assumeIsolated().scheduleTask(in: time, body) }

  private func end() {
    deadline?.cancel()
    deadline = nil
  }

  private func giveUp(_ context: ChannelHandlerContext) {
    isOver = true
    guard waiting == 0, !isAnswering, !isAnsweredEarly, isReading || line.hasSeenLine else {
      return context.close(promise: nil)
    }
    let error = APIError(.requestTimeout, "requestTimeout", "The request did not come in time.")
    let body = ByteBuffer(string: ErrorAnswer.json(error))
    let head = HTTPTypes.HTTPResponse(
      status: error.status,
      headerFields: [
        .contentType: ErrorAnswer.jsonType, .contentLength: "\(body.readableBytes)", .cacheControl: "no-store",
        .connection: "close",
      ])
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(body)), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    // A client that still sends would lose the answer if the connection were closed both ways at once.
    context.close(mode: .output, promise: nil)
    end()
    deadline = after(Self.lingering, context) { context.close(promise: nil) }
  }
}

/// Looks whether a line came since the last request, which the request's own parts tell only once its head is whole.
private final class RequestLineWatch: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  var hasSeenLine = false

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if !hasSeenLine { hasSeenLine = unwrapInboundIn(data).readableBytesView.contains(UInt8(ascii: "\n")) }
    context.fireChannelRead(data)
  }
}
