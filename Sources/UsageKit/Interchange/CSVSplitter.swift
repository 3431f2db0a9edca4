/// One record of CSV, its fields unquoted.
struct CSVRecord {
  fileprivate(set) var bytes: [UInt8] = []
  fileprivate var ends: [Int] = []

  var fieldCount: Int { ends.count }

  /// A field's bytes; the index must be below ``fieldCount``.
  func field(_ index: Int) -> ArraySlice<UInt8> { bytes[(index == 0 ? 0 : ends[index - 1])..<ends[index]] }
}

/// Cuts bytes that arrive in chunks into records of CSV (RFC 4180), holding no more than one chunk and one record.
///
/// A line ends with a line feed, with or without a carriage return before it; lines without a byte are passed over. After
/// a fault reading goes on with the next line.
struct CSVSplitter {
  enum Result {
    case record(line: Int, CSVRecord)
    case fault(line: Int, CSVFault)
    case tooLong(line: Int)
  }

  private enum State {
    case fieldStart, unquoted, quoted, quoteInQuoted, afterReturn, passingOver
  }

  let maximumLength: Int
  private var input: [UInt8] = []
  private var position = 0
  private var state = State.fieldStart
  private var record = CSVRecord()
  /// The line that is about to end has no byte.
  private var isBlank = false
  private var line = 1
  private var recordLine = 1

  init(maximumLength: Int) { self.maximumLength = maximumLength }

  /// Adds bytes; call ``next()`` until it gives nil before adding more.
  mutating func append(_ chunk: some Collection<UInt8>) {
    input.removeFirst(position)
    position = 0
    input.append(contentsOf: chunk)
  }

  /// The next whole record, or nil where more bytes are needed.
  mutating func next() -> Result? {
    while position < input.count {
      let byte = input[position]
      position += 1
      if byte == UInt8(ascii: "\n") { line += 1 }
      if let result = take(byte) { return result }
    }
    return nil
  }

  /// The last record where no line feed ends it.
  mutating func finish() -> Result? {
    defer { beginRecord() }
    switch state {
    case .quoted: return .fault(line: recordLine, .unclosedQuote)
    case .afterReturn: return .fault(line: recordLine, .strayCarriageReturn)
    case .passingOver: return nil
    case .fieldStart where record.ends.isEmpty: return nil
    case .fieldStart, .unquoted, .quoteInQuoted:
      record.ends.append(record.bytes.count)
      return .record(line: recordLine, record)
    }
  }

  private mutating func take(_ byte: UInt8) -> Result? {
    switch (state, byte) {
    case (.passingOver, UInt8(ascii: "\n")):
      beginRecord()
      return nil
    case (.passingOver, _): return nil
    case (.quoted, UInt8(ascii: "\"")):
      state = .quoteInQuoted
      return nil
    case (.quoteInQuoted, UInt8(ascii: "\"")):
      state = .quoted
      return add(byte)
    case (.quoted, _): return add(byte)
    case (.fieldStart, UInt8(ascii: "\"")):
      state = .quoted
      return nil
    case (.unquoted, UInt8(ascii: "\"")): return fail(.quoteInField, at: byte)
    case (.afterReturn, UInt8(ascii: "\n")), (_, UInt8(ascii: "\n")): return endRecord()
    case (.afterReturn, _): return fail(.strayCarriageReturn, at: byte)
    case (_, UInt8(ascii: "\r")):
      // Whether the record was empty is told by the field's state before the return.
      record.ends.append(record.bytes.count)
      isBlank = state == .fieldStart && record.ends.count == 1
      state = .afterReturn
      return nil
    case (_, UInt8(ascii: ",")):
      record.ends.append(record.bytes.count)
      state = .fieldStart
      return limit(after: byte)
    case (.quoteInQuoted, _): return fail(.textAfterQuote, at: byte)
    default:
      state = .unquoted
      return add(byte)
    }
  }

  private mutating func add(_ byte: UInt8) -> Result? {
    record.bytes.append(byte)
    return limit(after: byte)
  }

  private mutating func limit(after byte: UInt8) -> Result? {
    guard record.bytes.count + record.ends.count > maximumLength else { return nil }
    let line = recordLine
    passOver(after: byte)
    return .tooLong(line: line)
  }

  private mutating func endRecord() -> Result? {
    if state != .afterReturn {
      isBlank = state == .fieldStart && record.ends.isEmpty
      record.ends.append(record.bytes.count)
    }
    let result = isBlank ? nil : Result.record(line: recordLine, record)
    beginRecord()
    return result
  }

  private mutating func fail(_ fault: CSVFault, at byte: UInt8) -> Result? {
    let line = recordLine
    passOver(after: byte)
    return .fault(line: line, fault)
  }

  /// Goes on with the line after the one that holds the byte which was read last.
  private mutating func passOver(after byte: UInt8) {
    beginRecord()
    if byte != UInt8(ascii: "\n") { state = .passingOver }
  }

  private mutating func beginRecord() {
    record = CSVRecord()
    recordLine = line
    isBlank = false
    state = .fieldStart
  }
}
