import SaaSCore
import TenancyKit

/// Renames one tenant as its owner, and shows that its old links lead to the new name. A later run finds it renamed.
@Sendable func renameTenant(_ quickstart: Quickstart) async throws {
  let (old, new) = ("orchard", "the-orchard")
  let oldHost = "\(old).emperor.gallery"
  let context = try await quickstart.stores.tenants.context(slug: Slug(old))
  if let context {
    let owner = Membership(userID: try UserID("user_1"), organizationID: context.organizationID, role: .owner)
    _ = try await quickstart.tenants.rename(context, to: new, as: owner, at: quickstart.now)
  }
  let before = quickstart.hosts.resolve(oldHost, at: quickstart.now)
  let after = before.movedTo.map { quickstart.hosts.resolve($0.rawValue, at: quickstart.now) }
  let summary = Rename(
    from: old, to: new, isNew: context != nil, oldHost: oldHost, verdict: before.kind.description,
    movedTo: before.movedTo, served: after?.context?.slug)
  quickstart.report.section("Rename", key: "rename", summary) {
    [
      context == nil ? "\(old) was renamed to \(new) by an earlier run" : "\(old) is renamed to \(new)",
      "\(oldHost) -> \(before.kind)\(before.movedTo.map { ", to \($0)" } ?? "")",
      after?.context.map { "\(before.movedTo?.rawValue ?? "") -> tenant \($0.slug)" } ?? "the new host is not served",
    ]
  }
}

private struct Rename: Encodable, Sendable {
  let from: String
  let to: String
  let isNew: Bool
  let oldHost: String
  let verdict: String
  let movedTo: HostName?
  let served: Slug?
}
