internal import SaaSCore

extension PlanCatalog {
  /// Reads a catalogue from its JSON text.
  ///
  /// Unknown names are errors, because a misspelt limit would be no limit. Amounts of cost are decimal strings of
  /// dollars, everything else whole numbers:
  ///
  /// ```json
  /// {
  ///   "version": 1, "defaultPlan": "free", "duplicates": "keep",
  ///   "plans": [
  ///     { "id": "free", "name": "Free",
  ///       "features": { "customDomains": 0 },
  ///       "limits": [ { "metric": "runs", "base": 20, "window": "month", "action": "block" } ] },
  ///     { "id": "team", "name": "Team", "trialDays": 14,
  ///       "seats": { "minimum": 2, "maximum": 200 },
  ///       "prices": [
  ///         { "id": "price_team_base_m", "role": "base", "interval": "month" },
  ///         { "id": "price_team_seat_m", "role": "seat", "interval": "month" },
  ///         { "id": "price_team_runs_m", "role": "metered", "interval": "month",
  ///           "metric": "runs", "meter": "team_runs", "meterID": "mtr_1", "included": 500 } ],
  ///       "limits": [
  ///         { "metric": "runs", "base": 500, "perSeat": 200, "window": "billingPeriod", "action": "warn" },
  ///         { "metric": "cost", "base": "250.00", "perSeat": "40", "window": "month", "action": "block" } ] } ]
  /// }
  /// ```
  /// - Throws: ``PlanCatalogError``, with the path of the first thing that is wrong.
  public init(json bytes: [UInt8]) throws(PlanCatalogError) {
    let document: JSONDocument
    do {
      document = try JSONDocument(bytes)
    } catch {
      throw PlanCatalogError(path: "", .json(error))
    }
    let root = CatalogReader(document.root)
    try root.checkNames(["version", "defaultPlan", "duplicates", "plans"])
    let version = try root.member("version").int64(in: 1...Int64.max)
    guard version == 1 else { throw PlanCatalogError(path: "/version", .version(version)) }
    var plans: [Plan] = []
    for (rank, element) in try root.member("plans").elements().enumerated() {
      plans.append(try element.plan(rank: rank))
    }
    try self.init(
      plans: plans, defaultPlan: try root.member("defaultPlan").identifier(PlanID.self),
      duplicates: try root.optional("duplicates")?.word(DuplicateRule.self) ?? .keep)
  }
}

extension CatalogReader {
  fileprivate func plan(rank: Int) throws(PlanCatalogError) -> Plan {
    try checkNames(["id", "name", "trialDays", "seats", "prices", "features", "limits"])
    let id = try member("id").identifier(PlanID.self)
    var prices: [PlanPrice] = []
    for element in try optional("prices")?.elements() ?? [] { prices.append(try element.price()) }
    var limits: [PlanLimit] = []
    for element in try optional("limits")?.elements() ?? [] { limits.append(try element.limit()) }
    var features: [FeatureName: FeatureValue] = [:]
    for (name, element) in try optional("features")?.members() ?? [] {
      features[try element.wrap { () throws(IdentifierError) in try FeatureName(name) }] = try element.feature()
    }
    return Plan(
      id: id, name: try optional("name")?.string() ?? id.rawValue, rank: rank, prices: prices,
      seats: try optional("seats")?.seatRule(), trialDays: Int(try optional("trialDays")?.int64(in: 0...730) ?? 0),
      features: features, limits: limits)
  }

  private func price() throws(PlanCatalogError) -> PlanPrice {
    let id = try member("id").identifier(PriceID.self)
    let roles = ["base", "seat", "metered"]
    let role: PlanPrice.Role
    switch try member("role").word(among: roles) {
    case "base": role = .base
    case "seat": role = .seat
    default:
      let metric = try member("metric").word(LimitMetric.self)
      let meter = UsageMeter(
        name: try member("meter").string(), meterID: try optional("meterID")?.identifier(MeterID.self), priceID: id)
      guard !meter.name.isEmpty, meter.name.unicodeScalars.count <= 100 else {
        throw PlanCatalogError(path: try member("meter").path, .numberTooLarge(maximum: 100))
      }
      role = .metered(
        MeteredPrice(
          metric: metric, meter: meter,
          unit: try optional("unit")?.amount(of: metric, minimum: 1) ?? 1,
          included: try optional("included")?.amount(of: metric, minimum: 0) ?? 0))
    }
    let names = ["id", "role", "interval", "retired"]
    if case .metered = role {
      try checkNames(names + ["metric", "meter", "meterID", "unit", "included"])
    } else {
      try checkNames(names)
    }
    return PlanPrice(
      id: id, role: role, interval: try member("interval").word(BillingInterval.self),
      isRetired: try optional("retired")?.flag() ?? false)
  }

  private func limit() throws(PlanCatalogError) -> PlanLimit {
    try checkNames(["metric", "base", "perSeat", "window", "action"])
    let metric = try member("metric").word(LimitMetric.self)
    return PlanLimit(
      metric: metric, window: try member("window").word(LimitWindow.self),
      base: try member("base").amount(of: metric, minimum: 0),
      perSeat: try optional("perSeat")?.amount(of: metric, minimum: 0) ?? 0,
      action: try member("action").word(PlanLimit.Action.self))
  }

  private func seatRule() throws(PlanCatalogError) -> Plan.SeatRule {
    try checkNames(["minimum", "maximum", "included"])
    let minimum = try optional("minimum")?.int64(in: 1...1_000_000) ?? 1
    return Plan.SeatRule(
      minimum: minimum, maximum: try optional("maximum")?.int64(in: minimum...1_000_000) ?? max(minimum, 10_000),
      included: try optional("included")?.int64(in: 0...1_000_000) ?? 0)
  }
}
