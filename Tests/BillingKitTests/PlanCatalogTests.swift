import BillingKit
import Foundation
import SaaSCore
import Testing

@Suite("Plan catalogue")
struct PlanCatalogTests {
  @Test("the sample is read whole")
  func sample() throws {
    let catalog = Sample.catalog
    #expect(catalog.plans.map(\.id) == [.free, .pro, .team])
    #expect(catalog.plans.map(\.rank) == [0, 1, 2])
    #expect(catalog.defaultPlan.id == .free)
    let pro = try #require(catalog.plan(.pro))
    #expect(pro.trialDays == 14)
    #expect(pro.features[Sample.id("models")] == .list(["small", "large"]))
    #expect(pro.limits[1] == PlanLimit(metric: .cost, window: .billingPeriod, base: 25_000_000_000_000, action: .warn))
    #expect(pro.prices(for: .month).map(\.id.rawValue) == ["price_pro_m"])
    #expect(catalog.price(Sample.id("price_pro_old"))?.plan.id == .pro)
    let team = try #require(catalog.plan(.team))
    #expect(team.limits[2].cap(seats: 3) == 250_000_000_000_000 + 3 * 40_500_000_000_000)
    #expect(team.meteredPrices.map(\.included) == [100])
  }

  private static func mistakes() -> [(String, String, String)] {
    [
      ("\"version\": 1", "\"version\": 2", "/version"),
      ("\"defaultPlan\": \"free\"", "\"defaultPlan\": \"gold\"", "/defaultPlan"),
      ("\"duplicates\": \"keep\"", "\"duplicates\": \"maybe\"", "/duplicates"),
      ("\"id\": \"pro\"", "\"id\": \"free\"", "/plans/1/id"),
      ("\"id\": \"pro\"", "\"id\": \"\"", "/plans/1/id"),
      ("\"trialDays\": 14", "\"trialDays\": -1", "/plans/1/trialDays"),
      ("\"trialDays\": 14", "\"trialDays\": 1.5", "/plans/1/trialDays"),
      ("\"trialDays\": 14", "\"trailDays\": 14", "/plans/1/trailDays"),
      ("\"price_pro_y\"", "\"price_pro_m\"", "/plans/1/prices/1/id"),
      ("\"price_team_m\"", "\"price_pro_m\"", "/plans/2/prices/0/id"),
      ("\"interval\": \"year\"", "\"interval\": \"week\"", "/plans/1/prices/1/interval"),
      ("\"price_pro_old\", \"role\": \"base\"", "\"price_pro_old\", \"role\": \"extra\"", "/plans/1/prices/2/role"),
      (", \"retired\": true", "", "/plans/1/prices"),
      ("\"base\": \"25.00\"", "\"base\": 25", "/plans/1/limits/1/base"),
      ("\"base\": \"25.00\"", "\"base\": \"25.0000000000001\"", "/plans/1/limits/1/base"),
      ("\"base\": \"25.00\"", "\"base\": \"-1\"", "/plans/1/limits/1/base"),
      ("\"base\": 20,", "\"base\": -1,", "/plans/0/limits/0/base"),
      ("\"base\": 20,", "", "/plans/0/limits/0"),
      ("\"base\": 20,", "\"base\": 20, \"perSeat\": 1,", "/plans/0/limits/0/perSeat"),
      ("\"minimum\": 2", "\"minimum\": 0", "/plans/2/seats/minimum"),
      ("\"maximum\": 100", "\"maximum\": 1", "/plans/2/seats/maximum"),
      ("\"maximum\": 100", "\"maximum\": 100, \"included\": 3", "/plans/2/seats/minimum"),
      ("\"role\": \"seat\", ", "\"role\": \"base\", ", "/plans/2/prices"),
      ("\"meter\": \"team_runs\",", "\"meter\": \"\",", "/plans/2/prices/2/meter"),
      ("\"included\": 100", "\"included\": \"100\"", "/plans/2/prices/2/included"),
      ("\"export\": false", "\"export\": null", "/plans/0/features/export"),
      ("\"window\": \"day\"", "\"window\": \"hour\"", "/plans/2/limits/1/window"),
      (
        "\"metric\": \"tokens\", \"base\": 1000000", "\"metric\": \"tokens\", \"base\": \"1000000\"",
        "/plans/2/limits/1/base"
      ),
    ]
  }

  @Test("each mistake is found at its place", arguments: mistakes())
  func mistake(right: String, wrong: String, path: String) throws {
    let range = try #require(Sample.json.range(of: right))
    let text = Sample.json.replacingCharacters(in: range, with: wrong)
    do {
      _ = try PlanCatalog(json: Array(text.utf8))
      Issue.record("\(wrong) was taken")
    } catch {
      #expect(error.path == path, "\(error.reason)")
    }
  }

  @Test("what is no JSON says at which byte")
  func noJSON() {
    #expect(throws: PlanCatalogError(path: "", .json(JSONError(.unexpectedEnd, byteOffset: 1)))) {
      try PlanCatalog(json: Array("{".utf8))
    }
  }
}
