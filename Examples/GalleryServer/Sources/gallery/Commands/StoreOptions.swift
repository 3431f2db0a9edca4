internal import ArgumentParser
internal import Foundation
internal import SQLiteStore
internal import SaaSCore
internal import TenancyKit

/// The file on which an operator's command works, and how it prints.
struct StoreOptions: ParsableArguments {
  @Option(help: "The SQLite file that the server uses.")
  var database = "gallery.sqlite"

  @Flag(help: "Print JSON instead of a table.")
  var json = false

  /// Opens the file, does the work, and closes it whatever comes of the work.
  /// - Parameter creates: whether a file is made where there is none; a name that was mistyped is better told.
  func withStore(creates: Bool = false, _ work: (SQLiteStore) async throws -> Void) async throws {
    let store: SQLiteStore
    guard creates || FileManager.default.fileExists(atPath: database) else {
      throw CommandFailure("there is no file \(database)")
    }
    do {
      store = try await SQLiteStore(path: database)
    } catch {
      throw CommandFailure("cannot open \(database): \(error)")
    }
    do {
      try await work(store)
    } catch {
      await store.close()
      throw error
    }
    await store.close()
  }

  /// Prints rows as a table, or their values as JSON.
  func print(_ table: TextTable, or value: some Encodable) throws {
    json ? try Output.json(value) : Output.text(table.text)
  }
}

extension SQLiteStore {
  /// The tenant with a slug.
  func tenant(named slug: String) async throws -> Tenant {
    guard let name = try? Slug(slug), let tenant = try await tenant(slug: name) else {
      throw CommandFailure("there is no tenant \(slug)")
    }
    return tenant
  }

  /// What acts for the tenant with a slug; a closed one has nothing.
  func context(named slug: String) async throws -> TenantContext {
    guard let context = try await context(for: try await tenant(named: slug).id) else {
      throw CommandFailure("the tenant \(slug) is closed")
    }
    return context
  }
}

extension Timestamp {
  /// The instant that an option names, or now.
  static func option(_ text: String?) throws -> Timestamp {
    guard let text else { return SystemWallClock().now() }
    guard let instant = try? Timestamp(iso8601: text) else {
      throw ValidationError("--at takes an instant like 2026-05-31T12:00:00Z")
    }
    return instant
  }
}

extension Membership {
  /// The operator, who acts for an organisation as its owner would.
  static func ofOperator(in organization: OrgID) throws -> Membership {
    Membership(userID: try UserID("operator"), organizationID: organization, role: .owner)
  }
}
