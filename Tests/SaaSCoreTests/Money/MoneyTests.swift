internal import Foundation
internal import SaaSCore
internal import Testing

@Suite("Provider amounts")
struct MoneyTests {
  @Test("carry their currency in upper case, whatever case the provider sends", arguments: ["usd", "USD", "uSd"])
  func currencies(text: String) {
    #expect(CurrencyCode(text) == .usd)
    #expect(CurrencyCode(text)?.code == "USD")
  }

  @Test("refuse what is not three ASCII letters", arguments: ["", "US", "USDT", "U5D", "us\u{0}", "é$", "[[[", "U D"])
  func invalidCurrencies(text: String) {
    #expect(CurrencyCode(text) == nil)
  }

  @Test(
    "are written with the decimals of their currency",
    arguments: [
      (1_230, "USD", "12.30"), (-5, "EUR", "-0.05"), (1_230, "JPY", "1230"), (1_230, "KWD", "1.230"),
      (0, "GBP", "0.00"), (Int64.min, "USD", "-92233720368547758.08"), (12_345, "CLF", "1.2345"),
    ] as [(Int64, String, String)])
  func writing(units: Int64, code: String, expected: String) throws {
    let currency = try #require(CurrencyCode(code))
    #expect(Money(minorUnits: units, currency: currency).decimalText == expected)
  }

  @Test("add up within one currency, checked")
  func adding() throws {
    let price = Money(minorUnits: 1_500, currency: .usd)
    #expect(try price.adding(price) == Money(minorUnits: 3_000, currency: .usd))
    #expect(try price.subtracting(price) == Money(minorUnits: 0, currency: .usd))
    #expect(try price.multiplied(by: 7) == Money(minorUnits: 10_500, currency: .usd))
    let euros = Money(minorUnits: 1, currency: .eur)
    #expect(throws: MoneyError.differentCurrencies(.usd, .eur)) { try price.adding(euros) }
    #expect(throws: MoneyError.differentCurrencies(.usd, .eur)) { try price.subtracting(euros) }
    let most = Money(minorUnits: .max, currency: .usd)
    #expect(throws: MoneyError.overflow) { try most.adding(price) }
    #expect(throws: MoneyError.overflow) { try Money(minorUnits: .min, currency: .usd).subtracting(price) }
    #expect(throws: MoneyError.overflow) { try most.multiplied(by: 2) }
  }

  @Test("are coded with minor units and code")
  func coding() throws {
    let data = Data(#"{"minorUnits":1500,"currency":"eur"}"#.utf8)
    #expect(try JSONDecoder().decode(Money.self, from: data) == Money(minorUnits: 1_500, currency: .eur))
    #expect(throws: DecodingError.self) {
      try JSONDecoder().decode(Money.self, from: Data(#"{"minorUnits":1500,"currency":"e"}"#.utf8))
    }
  }
}
