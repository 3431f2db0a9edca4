internal import SaaSCore

// What a record writes of itself, which is what it encodes; members are in the order of their names.

extension SubscriptionRecord: JSONWritable {
  func write(to text: inout JSONText) throws {
    try text.object { text in
      try text.member("announcedTrialEnd", ifPresent: announcedTrialEnd)
      try text.member("basis", ifPresent: basis)
      try text.member("calledAt", ifPresent: calledAt)
      text.member("customerID", customerID)
      text.member("id", id)
      try text.member("invoices", invoices)
      text.member("isTied", isTied)
      try text.member("knownStatus", ifPresent: knownStatus)
      try text.member("metering", metering)
      try text.member("meteringHorizon", ifPresent: meteringHorizon)
      try text.member("paidUpAt", ifPresent: paidUpAt)
      try text.member("periods", periods)
      try text.member("readAsOf", ifPresent: readAsOf)
      try text.member("resolvedPlan", ifPresent: resolvedPlan)
      try text.member("resolvedSeats", ifPresent: resolvedSeats)
      try text.member("snapshot", ifPresent: snapshot)
      if let told { try text.member("told", told) }
    }
  }
}

extension SubscriptionRecord.Basis: JSONWritable {
  func write(to text: inout JSONText) throws {
    try text.object { text in
      switch self {
      case .event(let createdAt, let id):
        try text.member("event") { text in
          try text.object { text in
            try text.member("createdAt", createdAt)
            text.member("id", id)
          }
        }
      case .read(let asOf):
        try text.member("read") { text in try text.object { try $0.member("asOf", asOf) } }
      }
    }
  }
}

extension SubscriptionRecord.StampedStatus: JSONWritable {
  func write(to text: inout JSONText) throws {
    try text.object { text in
      try text.member("place", place)
      text.member("status", status.providerText)
    }
  }
}

extension SubscriptionRecord.StampedPlan: JSONWritable {
  func write(to text: inout JSONText) throws {
    try text.object { text in
      try text.member("place", place)
      text.member("planID", planID)
    }
  }
}

extension SubscriptionRecord.StampedSeats: JSONWritable {
  func write(to text: inout JSONText) throws {
    try text.object { text in
      text.member("count", count)
      try text.member("place", place)
      text.member("planID", planID)
    }
  }
}

extension InvoiceFacts: JSONWritable {
  func write(to text: inout JSONText) throws {
    try text.object { text in
      try text.member("createdAt", createdAt)
      try text.member("firstFailedAt", ifPresent: firstFailedAt)
      text.member("id", id)
      text.member("isRenewal", isRenewal)
      try text.member("latest", ifPresent: latest)
      try text.member("paidAt", ifPresent: paidAt)
      try text.member("period", ifPresent: period)
    }
  }
}

extension InvoiceFacts.Outcome: JSONWritable {
  func write(to text: inout JSONText) throws {
    try text.object { text in
      try text.member("amount", ifPresent: amount)
      text.member("attemptCount", attemptCount)
      text.member("kind", kind.rawValue)
      try text.member("nextAttemptAt", ifPresent: nextAttemptAt)
      try text.member("place", place)
    }
  }
}

extension SubscriptionSnapshot: JSONWritable {
  func write(to text: inout JSONText) throws {
    try text.object { text in
      try text.member("cancelAt", ifPresent: cancelAt)
      text.member("cancelAtPeriodEnd", cancelAtPeriodEnd)
      try text.member("canceledAt", ifPresent: canceledAt)
      try text.member("createdAt", createdAt)
      text.member("customerID", customerID)
      try text.member("endedAt", ifPresent: endedAt)
      text.member("id", id)
      try text.member("items", items)
      text.member("latestInvoiceID", ifPresent: latestInvoiceID)
      try text.member("metadata") { text in
        if metadata.isEmpty { text.object { _ in } } else { try text.put(encoding: metadata) }
      }
      try text.member("pausedCollection", encodingIfPresent: pausedCollection)
      try text.member("startedAt", ifPresent: startedAt)
      text.member("status", status.providerText)
      try text.member("trialEnd", ifPresent: trialEnd)
      try text.member("trialStart", ifPresent: trialStart)
    }
  }
}

extension SubscriptionItem: JSONWritable {
  func write(to text: inout JSONText) throws {
    try text.object { text in
      try text.member("currentPeriod", ifPresent: currentPeriod)
      text.member("id", id)
      text.member("priceID", priceID)
      text.member("quantity", quantity)
      text.member("usageType", usageType.rawValue)
    }
  }
}
