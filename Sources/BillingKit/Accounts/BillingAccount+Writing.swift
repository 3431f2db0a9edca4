internal import SaaSCore

// What an account writes of itself, which is what it encodes; members are in the order of their names.

extension BillingAccount: JSONWritable {
  func write(to text: inout JSONText) throws {
    try text.object { text in
      text.member("billingAdmin", ifPresent: billingAdmin)
      try text.member("change", encodingIfPresent: change)
      try text.member("checkout", encodingIfPresent: checkout)
      text.member("checkoutAttempts", checkoutAttempts)
      text.member("customerAttempts", customerAttempts)
      try text.member("customers", customers)
      try text.member("grants") { text in try text.array(grants) { try $0.put(encoding: $1) } }
      text.member("operations", operations)
      try text.member("owner", owner)
      try text.member("pendingCustomer", encodingIfPresent: pendingCustomer)
      try text.member("subscriptions", subscriptions)
      try text.member("toldPlan", ifPresent: toldPlan)
      text.member("version", version)
    }
  }
}

extension BillingAccount.Owner: JSONWritable {
  func write(to text: inout JSONText) throws {
    text.object { text in
      switch self {
      case .organization(let id): text.member("organization") { text in text.object { $0.member("_0", id) } }
      case .customer(let id): text.member("customer") { text in text.object { $0.member("_0", id) } }
      }
    }
  }
}

extension CustomerLink: JSONWritable {
  func write(to text: inout JSONText) throws {
    try text.object { text in
      try text.member("deletedAt", ifPresent: deletedAt)
      text.member("id", id)
      try text.member("linkedAt", ifPresent: linkedAt)
    }
  }
}

extension PlanStanding: JSONWritable {
  func write(to text: inout JSONText) throws {
    text.object { text in
      text.member("planID", planID)
      text.member("seats", seats)
    }
  }
}
