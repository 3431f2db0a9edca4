import SaaSCore
import Testing

@testable import UsageKit

@Suite("Numbers of models")
struct ModelTableTests {
  @Test("each pair of a provider and a model has one number, which gives the pair")
  func pairs() throws {
    // Pairs of the same model, of the same provider, their reverse, and names that lie in a box.
    let names = ["a", "b", String(repeating: "a", count: 60), String(repeating: "b", count: 60)]
    var table = ModelTable(secret: TextHashSecret())
    var numbers: [ModelKey: Int32] = [:]
    for _ in 0..<2 {
      for provider in names {
        for model in names {
          let key = ModelKey(provider: try ProviderName(provider), model: try ModelName(model))
          let number = table.number(of: key.provider, key.model)
          #expect(numbers[key] ?? number == number)
          #expect(table[number] == key)
          numbers[key] = number
        }
      }
    }
    #expect(Set(numbers.values) == Set(0..<16) && table.count == 16)
    #expect(table[16] == nil && table[-1] == nil)
  }
}
