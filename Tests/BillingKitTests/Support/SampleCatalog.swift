import BillingKit
import SaaSCore

/// The catalogue that the tests of this module share.
enum Sample {
  static let json = """
    {
      "version": 1, "defaultPlan": "free", "duplicates": "keep",
      "plans": [
        { "id": "free", "name": "Free", "features": { "customDomains": 0, "export": false },
          "limits": [ { "metric": "runs", "base": 20, "window": "month", "action": "block" } ] },
        { "id": "pro", "name": "Pro", "trialDays": 14,
          "features": { "customDomains": 1, "export": true, "models": ["small", "large"] },
          "prices": [
            { "id": "price_pro_m", "role": "base", "interval": "month" },
            { "id": "price_pro_y", "role": "base", "interval": "year" },
            { "id": "price_pro_old", "role": "base", "interval": "month", "retired": true } ],
          "limits": [
            { "metric": "runs", "base": 500, "window": "month", "action": "block" },
            { "metric": "cost", "base": "25.00", "window": "billingPeriod", "action": "warn" } ] },
        { "id": "team", "name": "Team", "seats": { "minimum": 2, "maximum": 100 },
          "features": { "customDomains": 5, "export": true },
          "prices": [
            { "id": "price_team_m", "role": "base", "interval": "month" },
            { "id": "price_seat_m", "role": "seat", "interval": "month" },
            { "id": "price_runs_m", "role": "metered", "interval": "month", "metric": "runs", "meter": "team_runs",
              "meterID": "mtr_runs", "included": 100 } ],
          "limits": [
            { "metric": "runs", "base": 500, "perSeat": 200, "window": "billingPeriod", "action": "warn" },
            { "metric": "tokens", "base": 1000000, "perSeat": 250000, "window": "day", "action": "block" },
            { "metric": "cost", "base": "250", "perSeat": "40.5", "window": "month", "action": "block" } ] }
      ]
    }
    """

  static let catalog: PlanCatalog = {
    do {
      return try PlanCatalog(json: Array(json.utf8))
    } catch {
      preconditionFailure("the sample catalogue is wrong: \(error)")
    }
  }()

  static let rules = EntitlementRules(catalog: catalog)

  /// 2026-01-31T10:00:00Z, from which short months clamp.
  static let start = at("2026-01-31T10:00:00Z")

  static func at(_ text: String) -> Timestamp {
    do {
      return try Timestamp(iso8601: text)
    } catch {
      preconditionFailure("\(text) is no instant")
    }
  }

  static func id<ID: Identifier>(_ text: String, _ type: ID.Type = ID.self) -> ID {
    do {
      return try ID(text)
    } catch {
      preconditionFailure("\(text) is no identifier")
    }
  }

  static let pro = [CheckoutLine(priceID: id("price_pro_m"), quantity: 1)]
  static let proYearly = [CheckoutLine(priceID: id("price_pro_y"), quantity: 1)]
  static func team(seats: Int64) -> [CheckoutLine] {
    [
      CheckoutLine(priceID: id("price_team_m"), quantity: 1),
      CheckoutLine(priceID: id("price_seat_m"), quantity: seats),
      CheckoutLine(priceID: id("price_runs_m"), quantity: nil),
    ]
  }
}

extension Duration {
  static func days(_ count: Int64) -> Duration { .seconds(count * 86_400) }
  static func hours(_ count: Int64) -> Duration { .seconds(count * 3_600) }
}
