/// Reads runs and events from bytes that arrive in chunks, holding no more than one chunk and one line.
///
/// ```swift
/// var decoder = UsageDecoder(.ndjson)
/// try decoder.append(chunk)
/// while let line = try decoder.next() { … }     // and once more after ``finish()``
/// ```
///
/// Lines without anything but white space are passed over, and so is a byte order mark at the beginning of the file.
public struct UsageDecoder: Sendable {
  /// The most bytes a line, or a record of CSV, may have: one MiB.
  public static let maximumLineLength = 1 << 20

  /// What a line comes to.
  public enum Result: Sendable, Equatable {
    /// It can be read.
    case line(number: Int, UsageLine)
    /// It cannot.
    case bad(BadUsageLine)
  }

  private enum Splitter {
    case lines(LineSplitter)
    case records(CSVSplitter)
  }

  private var splitter: Splitter
  private var header: CSVUsageHeader?
  private var mark = ByteOrderMark()
  private var isFinished = false

  /// A reader at the beginning of a file.
  public init(_ format: UsageFormat) { self.init(format, maximumLineLength: Self.maximumLineLength) }

  /// A reader with another bound on its lines.
  package init(_ format: UsageFormat, maximumLineLength: Int) {
    splitter =
      switch format {
      case .ndjson: .lines(LineSplitter(maximumLength: maximumLineLength))
      case .csv: .records(CSVSplitter(maximumLength: maximumLineLength))
      }
  }

  /// Adds bytes. Call ``next()`` until it gives nil before adding more, so that memory stays bounded.
  public mutating func append(_ chunk: some Collection<UInt8>) {
    guard let held = mark.take(chunk) else { return push(chunk) }
    push(held)
  }

  /// Says that there are no more bytes; ``next()`` then gives the last line where no line feed ends it.
  public mutating func finish() {
    isFinished = true
    push(mark.rest())
  }

  /// The next line, or nil where more bytes are needed or there are no more lines.
  /// - Throws: ``UsageHeaderFault`` where a CSV file cannot be read under its first line.
  public mutating func next() throws(UsageHeaderFault) -> Result? {
    switch splitter {
    case .lines(var lines):
      // Moved out and back, so that its buffer is not copied.
      splitter = .lines(LineSplitter(maximumLength: lines.maximumLength))
      defer { splitter = .lines(lines) }
      return Self.next(of: &lines, isFinished: isFinished)
    case .records(var records):
      splitter = .records(CSVSplitter(maximumLength: records.maximumLength))
      defer { splitter = .records(records) }
      return try Self.next(of: &records, isFinished: isFinished, header: &header)
    }
  }

  private mutating func push(_ chunk: some Collection<UInt8>) {
    switch splitter {
    case .lines(var lines):
      splitter = .lines(LineSplitter(maximumLength: lines.maximumLength))
      lines.append(chunk)
      splitter = .lines(lines)
    case .records(var records):
      splitter = .records(CSVSplitter(maximumLength: records.maximumLength))
      records.append(chunk)
      splitter = .records(records)
    }
  }

  private static func next(of lines: inout LineSplitter, isFinished: Bool) -> Result? {
    while let line = lines.next() ?? (isFinished ? lines.finish() : nil) {
      switch line {
      case .tooLong(let number):
        return .bad(BadUsageLine(number: number, fault: .tooLong(maximum: lines.maximumLength)))
      case .bytes(let number, let bytes):
        if bytes.allSatisfy(isWhiteSpace) { continue }
        do {
          return .line(number: number, try JSONUsageFields.line(bytes.span))
        } catch {
          return .bad(BadUsageLine(number: number, fault: error))
        }
      }
    }
    return nil
  }

  private static func next(
    of records: inout CSVSplitter, isFinished: Bool, header: inout CSVUsageHeader?
  ) throws(UsageHeaderFault) -> Result? {
    while let result = records.next() ?? (isFinished ? records.finish() : nil) {
      switch (result, header) {
      case (.record(_, let record), nil): header = try CSVUsageHeader(record)
      case (.fault(_, let fault), nil): throw .csv(fault)
      case (.tooLong, nil): throw .tooLong(maximum: records.maximumLength)
      case (.fault(let line, let fault), _): return .bad(BadUsageLine(number: line, fault: .csv(fault)))
      case (.tooLong(let line), _):
        return .bad(BadUsageLine(number: line, fault: .tooLong(maximum: records.maximumLength)))
      case (.record(let line, let record), let header?):
        do {
          return .line(number: line, try CSVUsageFields.line(record, under: header))
        } catch {
          return .bad(BadUsageLine(number: line, fault: error))
        }
      }
    }
    return nil
  }

  private static func isWhiteSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }
}

/// Drops a UTF-8 byte order mark from the beginning of a file, even where chunks cut it.
private struct ByteOrderMark {
  private var held: [UInt8]? = []

  /// The bytes to go on with where the beginning was held back until now; nil where the chunk is to be taken as it is.
  mutating func take(_ chunk: some Collection<UInt8>) -> [UInt8]? {
    guard var bytes = held else { return nil }
    bytes.append(contentsOf: chunk)
    let mark: [UInt8] = [0xef, 0xbb, 0xbf]
    if bytes.count < mark.count, mark.starts(with: bytes) {
      held = bytes
      return []
    }
    held = nil
    return bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes
  }

  /// What is still held back when the file ends.
  mutating func rest() -> [UInt8] {
    defer { held = nil }
    return held ?? []
  }
}
