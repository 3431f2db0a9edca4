#if SQLite
  /// Tenancy's statements. Those that answer tenants or mappings list the columns as `TenancyRows` reads them.
  extension SQL {
    // MARK: Tenants

    static let tenantByID = SQL(
      "SELECT id, organization, slug, status, created_at, revision FROM tenants WHERE id = ?1")
    static let tenantBySlug = SQL(
      "SELECT id, organization, slug, status, created_at, revision FROM tenants WHERE slug = ?1")
    static let tenantByOrganization = SQL(
      "SELECT id, organization, slug, status, created_at, revision FROM tenants WHERE organization = ?1")
    static let tenantsAfter = SQL(
      """
      SELECT id, organization, slug, status, created_at, revision FROM tenants
      WHERE id > ?1 ORDER BY id LIMIT ?2
      """)
    static let tenantsChangedAfter = SQL(
      """
      SELECT id, organization, slug, status, created_at, revision FROM tenants
      WHERE revision > ?1 ORDER BY revision LIMIT ?2
      """)
    static let insertTenant = SQL(
      """
      INSERT INTO tenants (id, organization, slug, status, created_at, revision) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
      """)
    static let updateTenant = SQL(
      """
      UPDATE tenants SET organization = ?2, slug = ?3, status = ?4, created_at = ?5, revision = ?6 WHERE id = ?1
      """)
    static let tenantRevision = SQL("SELECT value FROM tenant_revision WHERE only = 1")
    static let nextTenantRevision = SQL("UPDATE tenant_revision SET value = value + 1 WHERE only = 1 RETURNING value")

    // MARK: Holds and labels

    static let holdOnSlug = SQL("SELECT slug, tenant, held_until FROM slug_holds WHERE slug = ?1")
    static let holdsOfTenant = SQL("SELECT slug, tenant, held_until FROM slug_holds WHERE tenant = ?1 ORDER BY slug")
    static let putHold = SQL(
      """
      INSERT INTO slug_holds (slug, tenant, held_until) VALUES (?1, ?2, ?3)
      ON CONFLICT (slug) DO UPDATE SET tenant = excluded.tenant, held_until = excluded.held_until
      """)
    static let dropHold = SQL("DELETE FROM slug_holds WHERE slug = ?1")
    static let isLabel = SQL("SELECT EXISTS (SELECT 1 FROM domain_mappings WHERE label = ?1)")

    // MARK: Mappings

    static let mappingsOfHost = SQL(
      """
      SELECT host, tenant, kind, state, failure, proven_at, created_at, changed_at, version,
        token, expires_at, reclaimable_at, added_at, provider_records, obstacle, checked_at, next_check_at,
        fruitless_checks, vouched_until
      FROM domain_mappings WHERE host = ?1 ORDER BY tenant
      """)
    static let mappingsOfTenant = SQL(
      """
      SELECT host, tenant, kind, state, failure, proven_at, created_at, changed_at, version,
        token, expires_at, reclaimable_at, added_at, provider_records, obstacle, checked_at, next_check_at,
        fruitless_checks, vouched_until
      FROM domain_mappings WHERE tenant = ?1 ORDER BY host
      """)
    static let mappingsDue = SQL(
      """
      SELECT host, tenant, kind, state, failure, proven_at, created_at, changed_at, version,
        token, expires_at, reclaimable_at, added_at, provider_records, obstacle, checked_at, next_check_at,
        fruitless_checks, vouched_until
      FROM domain_mappings WHERE next_check_at <= ?1 ORDER BY next_check_at, host, tenant LIMIT ?2
      """)
    // A mapping that is replaced keeps its label.
    static let putMapping = SQL(
      """
      INSERT INTO domain_mappings (host, tenant, kind, state, failure, proven_at, created_at, changed_at, version,
        token, expires_at, reclaimable_at, added_at, provider_records, obstacle, checked_at, next_check_at,
        fruitless_checks, vouched_until, label)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20)
      ON CONFLICT (host, tenant) DO UPDATE SET
        kind = excluded.kind, state = excluded.state, failure = excluded.failure, proven_at = excluded.proven_at,
        created_at = excluded.created_at, changed_at = excluded.changed_at, version = excluded.version,
        token = excluded.token, expires_at = excluded.expires_at, reclaimable_at = excluded.reclaimable_at,
        added_at = excluded.added_at, provider_records = excluded.provider_records, obstacle = excluded.obstacle,
        checked_at = excluded.checked_at, next_check_at = excluded.next_check_at,
        fruitless_checks = excluded.fruitless_checks, vouched_until = excluded.vouched_until
      """)
    static let deleteMapping = SQL("DELETE FROM domain_mappings WHERE host = ?1 AND tenant = ?2")
  }
#endif
