#if SQLite
  /// Billing's statements.
  extension SQL {
    static let billingAccount = SQL("SELECT version, body FROM billing_accounts WHERE owner = ?1")
    static let billingVersion = SQL("SELECT version FROM billing_accounts WHERE owner = ?1")
    static let putBillingAccount = SQL(
      """
      INSERT INTO billing_accounts (owner, version, body) VALUES (?1, ?2, ?3)
      ON CONFLICT (owner) DO UPDATE SET version = excluded.version, body = excluded.body
      """)
    static let deleteBillingAccount = SQL("DELETE FROM billing_accounts WHERE owner = ?1")

    static let ownerOfCustomer = SQL("SELECT owner FROM billing_customers WHERE id = ?1")
    static let putCustomer = SQL(
      """
      INSERT INTO billing_customers (id, owner) VALUES (?1, ?2)
      ON CONFLICT (id) DO UPDATE SET owner = excluded.owner WHERE owner <> excluded.owner
      """)

    static let ownerOfSubscription = SQL("SELECT owner FROM billing_subscriptions WHERE id = ?1")
    static let subscriptionsOfOwner = SQL("SELECT body FROM billing_subscriptions WHERE owner = ?1 ORDER BY id")
    static let putSubscription = SQL(
      """
      INSERT INTO billing_subscriptions (id, owner, customer, status, unsettled_since, body)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6)
      ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, status = excluded.status, body = excluded.body,
        unsettled_since = iif(excluded.unsettled_since IS NULL, NULL, coalesce(unsettled_since, excluded.unsettled_since))
      WHERE owner <> excluded.owner OR body <> excluded.body
        OR (unsettled_since IS NULL) <> (excluded.unsettled_since IS NULL)
      """)
    static let unsettledSubscriptions = SQL(
      """
      SELECT count(*), min(unsettled_since) FROM billing_subscriptions WHERE unsettled_since IS NOT NULL
      """)

    static let isClaimed = SQL("SELECT EXISTS (SELECT 1 FROM billing_claims WHERE event = ?1)")
    static let claim = SQL("INSERT INTO billing_claims (event, claimed_at) VALUES (?1, ?2)")
    static let pruneClaims = SQL("DELETE FROM billing_claims WHERE claimed_at < ?1")

    static let raiseAlert = SQL(
      "INSERT INTO billing_alerts (organization, name, ends_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")
    static let pruneAlerts = SQL("DELETE FROM billing_alerts WHERE ends_at <= ?1")

    static let talliesOfOrganization = SQL(
      """
      SELECT body FROM billing_tallies WHERE organization = ?1 AND period_end > ?2 ORDER BY period_start, meter, key
      """)
    static let tallyByKey = SQL("SELECT body FROM billing_tallies WHERE key = ?1")
    static let putTally = SQL(
      """
      INSERT INTO billing_tallies (key, organization, meter, period_start, period_end, version, body)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
      ON CONFLICT (key) DO UPDATE SET period_start = excluded.period_start, period_end = excluded.period_end,
        version = excluded.version, body = excluded.body
      """)
  }
#endif
