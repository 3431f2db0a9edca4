import Testing

@Suite("gallery cost") struct CostCommandTests {
  static let liteLLM = """
    {"gpt-4o": {"litellm_provider": "openai", "mode": "chat", "input_cost_per_token": 2.5e-06,
      "cache_read_input_token_cost": 1.25e-06, "output_cost_per_token": 1e-05}}
    """

  private func cost(_ arguments: [String], batch: String? = nil) throws -> GalleryCommand {
    let folder = try ScratchFolder()
    try folder.write(Self.liteLLM, to: "prices.json")
    try folder.write(try RunningServer.sample("rate-card.json"), to: "card.json")
    if let batch { try folder.write(batch, to: "calls.csv") }
    return try GalleryCommand(["cost"] + arguments, in: folder)
  }

  @Test("prints the exact cost as a plain decimal, by either format", arguments: ["prices.json", "card.json"])
  func single(prices: String) throws {
    let run = try cost([
      "--prices", prices, "--provider", "openai", "--model", "gpt-4o", "--prompt", "1200", "--cached", "800",
      "--completion", "300",
    ])
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.text == "0.005\n")
    let tiny = try cost([
      "--prices", prices, "--provider", "openai", "--model", "gpt-4o", "--prompt", "1", "--completion", "0",
    ])
    #expect(tiny.text == "0.0000025\n")
  }

  @Test("answers a batch line by line, unpriced where there is no price") func batch() throws {
    let calls = """
      provider,model,prompt,cached,completion
      openai,gpt-4o,1200,800,300
      openai,no-such-model,1,0,1\r
      "openai","gpt-4o",1,0,0

      openai,gpt-4o,0,0,0
      """
    let run = try cost(["--prices", "prices.json", "--batch", "calls.csv"], batch: calls)
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.text == "0.005\nunpriced\n0.0000025\n0\n")
  }

  @Test(
    "names a batch line that is not valid, and fails",
    arguments: [
      ("provider,model\n", "first line"), ("provider,model,prompt,cached,completion\nopenai,gpt-4o,x,0,0", "line 2"),
      ("provider,model,prompt,cached,completion\nopenai,gpt-4o,1,0", "line 2"),
      ("provider,model,prompt,cached,completion\nopenai,gpt-4o,1,0,0\nopenai,gpt-4o,1,2,0", "line 3"),
      ("provider,model,prompt,cached,completion\nopenai,gpt-4o,-1,0,0", "line 2"),
    ])
  func invalid(calls: String, place: String) throws {
    let run = try cost(["--prices", "prices.json", "--batch", "calls.csv"], batch: calls)
    #expect(run.status == 1)
    #expect(run.errors.contains(place), "\(run.errors)")
  }

  @Test("says which argument is missing, with the status for wrong arguments") func missing() throws {
    let run = try cost(["--prices", "prices.json", "--provider", "openai", "--prompt", "1", "--completion", "1"])
    #expect(run.status == 64)
    #expect(run.errors.contains("--model"))
  }
}
