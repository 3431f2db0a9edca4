internal import ArgumentParser
internal import Foundation
internal import SaaSCore
internal import UsageKit

/// `gallery cost`: what some tokens cost by a price file.
struct CostCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cost",
    abstract: "Works out the exact cost of model calls in US dollars.",
    discussion: """
      --prices reads SaaSKit's own rate card or LiteLLM's price file. Prompt tokens include the cached and the \
      cache-writing ones. --batch reads a CSV file with the header provider,model,prompt,cached,completion and prints one \
      line for each: the cost, or unpriced. Where only a part of the tokens has a price, the cost of that part is \
      printed, and standard error says so.
      """)

  @Option(help: "The price file.")
  var prices: String

  @Option(help: "A CSV file of calls instead of the options below.")
  var batch: String?

  @Option(help: "Who runs the model.")
  var provider: String?

  @Option(help: "The model.")
  var model: String?

  @Option(help: "Prompt tokens, cached and cache-writing ones included.")
  var prompt: Int64?

  @Option(help: "Completion tokens.")
  var completion: Int64?

  @Option(help: "Prompt tokens read from the cache.")
  var cached: Int64 = 0

  @Option(help: "Prompt tokens written to the cache.")
  var cacheWrite: Int64 = 0

  @Option(help: "The service tier.")
  var tier: String?

  @Flag(help: "Prompt tokens for whose cache a LiteLLM file has no price cost as plain ones.")
  var cacheAsPrompt = false

  func validate() throws {
    guard batch == nil else { return }
    for (value, name) in [
      (provider == nil, "--provider"), (model == nil, "--model"), (prompt == nil, "--prompt"),
      (completion == nil, "--completion"),
    ] where value {
      throw ValidationError("\(name) is missing")
    }
  }

  func run() throws {
    let card = try PriceFile.read(prices, costOfUnpricedCache: cacheAsPrompt ? .asPrompt : .unpriced)
    guard let batch else {
      let call = try Call(
        provider: provider ?? "", model: model ?? "", prompt: prompt ?? 0, cached: cached, cacheWrite: cacheWrite,
        completion: completion ?? 0, tier: tier)
      return print(try call.answer(by: card))
    }
    var output: [UInt8] = []
    var lines = CallLines(try InputFile.read(batch))
    try lines.readHeader()
    while let call = try lines.next() {
      output += try call.answer(by: card).utf8
      output.append(UInt8(ascii: "\n"))
    }
    FileHandle.standardOutput.write(Data(output))
  }
}

/// One model call to be priced.
private struct Call {
  let provider: ProviderName
  let model: ModelName
  let tokens: TokenCounts
  let tier: ServiceTier?

  init(
    provider: String, model: String, prompt: Int64, cached: Int64, cacheWrite: Int64 = 0, completion: Int64,
    tier: String? = nil
  ) throws(CommandFailure) {
    do {
      self.provider = try ProviderName(provider)
      self.model = try ModelName(model)
      tokens = try TokenCounts(
        prompt: prompt, cachedPrompt: cached, cacheWritePrompt: cacheWrite, completion: completion)
      self.tier = try tier.map { try ServiceTier($0) }
    } catch {
      throw CommandFailure("not a model call: \(error)")
    }
  }

  func answer(by card: RateCard) throws(CommandFailure) -> String {
    let cost: EventCost
    do {
      cost = try card.cost(
        provider: provider, model: model, tokens: tokens, serviceTier: tier, at: SystemWallClock().now())
    } catch {
      throw CommandFailure("\(provider)/\(model): \(error)")
    }
    guard let amount = cost.amount else { return "unpriced" }
    if cost.pricing == .partlyPriced {
      FileHandle.standardError.write(Data("\(provider)/\(model): only a part of the tokens has a price\n".utf8))
    }
    return CostSum(amount).decimalText
  }
}

/// The lines of a batch file.
private struct CallLines {
  private static let header = ["provider", "model", "prompt", "cached", "completion"]
  private var lines: Lines
  private var number = 0

  init(_ bytes: [UInt8]) { lines = Lines(bytes) }

  mutating func readHeader() throws(CommandFailure) {
    guard try fields() == Self.header else {
      throw CommandFailure("the first line is not \(Self.header.joined(separator: ","))")
    }
  }

  mutating func next() throws(CommandFailure) -> Call? {
    guard let fields = try fields() else { return nil }
    guard fields.count == Self.header.count else {
      throw CommandFailure("line \(number): \(Self.header.count) fields are needed, here are \(fields.count)")
    }
    do {
      return try Call(
        provider: fields[0], model: fields[1], prompt: try tokens(fields[2]), cached: try tokens(fields[3]),
        completion: try tokens(fields[4]))
    } catch {
      throw CommandFailure("line \(number): \(error)")
    }
  }

  private func tokens(_ text: String) throws(CommandFailure) -> Int64 {
    guard let value = Int64(text.isEmpty ? "0" : text) else { throw CommandFailure("not a number of tokens: \(text)") }
    return value
  }

  /// The fields of the next line that is not empty (RFC 4180, but without line breaks in quotes, which no name has).
  private mutating func fields() throws(CommandFailure) -> [String]? {
    while let line = lines.next() {
      number += 1
      var text = String(decoding: line, as: UTF8.self)
      if text.hasSuffix("\r") { text.removeLast() }
      if !text.isEmpty { return Self.split(text) }
    }
    return nil
  }

  private static func split(_ line: String) -> [String] {
    var fields = [""]
    var isQuoted = false
    var previous: Character?
    for character in line {
      switch character {
      case "\"":
        // A quote right after a closing one stands for itself.
        if !isQuoted, previous == "\"" { fields[fields.count - 1].append("\"") }
        isQuoted.toggle()
      case "," where !isQuoted: fields.append("")
      default: fields[fields.count - 1].append(character)
      }
      previous = character
    }
    return fields
  }
}
