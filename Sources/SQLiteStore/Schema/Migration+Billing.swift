#if SQLite
  extension Migration {
    /// Billing's accounts, with whose customers and subscriptions they are; claims, alerts and tallies of metered usage.
    ///
    /// An owner is `o:` and an organisation, or `c:` and a customer that no organisation is linked to. Bodies are JSON as
    /// the kit encodes its values; what is looked up stands in columns.
    static let billing = Migration(
      "billing",
      [
        """
        CREATE TABLE billing_accounts (
          owner TEXT NOT NULL PRIMARY KEY,
          version INTEGER NOT NULL,
          body BLOB NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE billing_customers (
          id TEXT NOT NULL PRIMARY KEY,
          owner TEXT NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE billing_subscriptions (
          id TEXT NOT NULL PRIMARY KEY,
          owner TEXT NOT NULL,
          customer TEXT NOT NULL,
          status TEXT,
          unsettled_since INTEGER,
          body BLOB NOT NULL
        ) STRICT
        """,
        "CREATE INDEX billing_subscriptions_by_owner ON billing_subscriptions (owner, id)",
        """
        CREATE INDEX billing_subscriptions_unsettled ON billing_subscriptions (unsettled_since)
        WHERE unsettled_since IS NOT NULL
        """,
        """
        CREATE TABLE billing_claims (
          event TEXT NOT NULL PRIMARY KEY,
          claimed_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX billing_claims_by_age ON billing_claims (claimed_at)",
        """
        CREATE TABLE billing_alerts (
          organization TEXT NOT NULL,
          name TEXT NOT NULL,
          ends_at INTEGER NOT NULL,
          PRIMARY KEY (organization, name)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX billing_alerts_by_end ON billing_alerts (ends_at)",
        """
        CREATE TABLE billing_tallies (
          key TEXT NOT NULL PRIMARY KEY,
          organization TEXT NOT NULL,
          meter TEXT NOT NULL,
          period_start INTEGER NOT NULL,
          period_end INTEGER NOT NULL,
          version INTEGER NOT NULL,
          body BLOB NOT NULL
        ) STRICT
        """,
        "CREATE INDEX billing_tallies_by_period ON billing_tallies (organization, period_end)",
      ])
  }
#endif
