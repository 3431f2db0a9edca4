internal import SaaSCore

/// Cuts bytes that arrive in chunks into lines, holding no more than one chunk and one line.
struct LineSplitter {
  /// A line without its line feed.
  enum Line {
    case bytes(number: Int, ArraySlice<UInt8>)
    /// The line has more bytes than allowed; the rest of it is passed over.
    case tooLong(number: Int)
  }

  let maximumLength: Int
  private var buffer: [UInt8] = []
  private var position = 0
  /// Everything before it was searched for a line feed.
  private var searched = 0
  private var number = 1
  private var isPassingOver = false

  init(maximumLength: Int) { self.maximumLength = maximumLength }

  /// Adds bytes; call ``next()`` until it gives nil before adding more.
  mutating func append(_ chunk: some Collection<UInt8>) {
    buffer.removeFirst(position)
    searched -= position
    position = 0
    buffer.append(contentsOf: chunk)
  }

  /// The next whole line, or nil where more bytes are needed.
  mutating func next() -> Line? {
    while true {
      guard let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) else {
        searched = buffer.count
        guard isPassingOver || buffer.count - position > maximumLength else { return nil }
        position = buffer.count
        if isPassingOver { return nil }
        isPassingOver = true
        return .tooLong(number: number)
      }
      let line = position..<end
      position = end + 1
      searched = position
      defer { number += 1 }
      if isPassingOver {
        isPassingOver = false
        continue
      }
      guard line.count <= maximumLength else { return .tooLong(number: number) }
      return .bytes(number: number, buffer[line])
    }
  }

  /// The last line where no line feed ends it.
  mutating func finish() -> Line? {
    guard position < buffer.count, !isPassingOver else { return nil }
    let line = buffer[position...]
    position = buffer.count
    searched = position
    return .bytes(number: number, line)
  }
}
