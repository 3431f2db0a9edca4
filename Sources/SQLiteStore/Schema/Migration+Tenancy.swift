#if SQLite
  extension Migration {
    /// Tenants, the slugs they gave up, and their mappings.
    static let tenancy = Migration(
      "tenancy",
      [
        """
        CREATE TABLE tenants (
          id TEXT NOT NULL PRIMARY KEY,
          organization TEXT NOT NULL UNIQUE,
          slug TEXT NOT NULL UNIQUE,
          status TEXT NOT NULL CHECK (status IN ('active', 'suspended', 'closed')),
          created_at INTEGER NOT NULL,
          revision INTEGER NOT NULL UNIQUE
        ) STRICT, WITHOUT ROWID
        """,
        // The one row's value is the highest revision that was given; it changes only under the write lock, and so in
        // the order of commits.
        "CREATE TABLE tenant_revision (only INTEGER PRIMARY KEY CHECK (only = 1), value INTEGER NOT NULL) STRICT",
        "INSERT INTO tenant_revision (only, value) VALUES (1, 0)",
        """
        CREATE TABLE slug_holds (
          slug TEXT NOT NULL PRIMARY KEY,
          tenant TEXT NOT NULL REFERENCES tenants (id),
          held_until INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX slug_holds_by_tenant ON slug_holds (tenant, slug)",
        """
        CREATE TABLE domain_mappings (
          host TEXT NOT NULL,
          tenant TEXT NOT NULL REFERENCES tenants (id),
          kind TEXT NOT NULL CHECK (kind IN ('subdomain', 'custom')),
          state TEXT NOT NULL CHECK (state IN ('pending', 'verified', 'active', 'error', 'removing')),
          failure TEXT CHECK ((failure IS NOT NULL) = (state = 'error')),
          proven_at INTEGER CHECK (proven_at IS NOT NULL OR state NOT IN ('verified', 'active')),
          created_at INTEGER NOT NULL,
          changed_at INTEGER NOT NULL,
          version INTEGER NOT NULL,
          label TEXT,
          token TEXT,
          expires_at INTEGER CHECK ((expires_at IS NULL) = (token IS NULL)),
          reclaimable_at INTEGER,
          added_at INTEGER,
          provider_records BLOB,
          obstacle TEXT,
          checked_at INTEGER,
          next_check_at INTEGER,
          fruitless_checks INTEGER CHECK ((fruitless_checks IS NULL) = (token IS NULL)),
          vouched_until INTEGER,
          PRIMARY KEY (host, tenant)
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE UNIQUE INDEX domain_mappings_one_owner ON domain_mappings (host) WHERE proven_at IS NOT NULL",
        "CREATE INDEX domain_mappings_by_tenant ON domain_mappings (tenant, host)",
        "CREATE INDEX domain_mappings_by_label ON domain_mappings (label) WHERE label IS NOT NULL",
        """
        CREATE INDEX domain_mappings_by_next_check ON domain_mappings (next_check_at, host, tenant)
        WHERE next_check_at IS NOT NULL
        """,
      ])
  }
#endif
