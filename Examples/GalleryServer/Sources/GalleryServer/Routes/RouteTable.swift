internal import HTTPTypes

/// Every route with its method: for the answer to a wrong method, and to hold the OpenAPI description to.
enum RouteTable {
  /// The routes that every installation has.
  static let routes: [(method: HTTPRequest.Method, path: String)] = [
    (.get, "/"), (.get, "/healthz"), (.get, "/readyz"), (.get, "/metrics"), (.get, "/openapi.json"),
    (.post, "/api/stripe/webhook"), (.post, "/api/billing/checkout"), (.get, "/billing/return"),
    (.post, "/api/billing/portal"), (.get, "/billing/portal"), (.get, "/api/entitlements"), (.post, "/api/runs"),
    (.post, "/api/runs/{id}/steps"), (.post, "/api/runs/{id}/finish"), (.get, "/api/settings/domains"),
    (.post, "/api/settings/domains"), (.delete, "/api/settings/domains"),
    (.post, "/api/settings/domains/check"), (.put, "/api/settings/slug"), (.get, "/admin"),
    (.get, "/api/admin/usage"), (.get, "/api/admin/billing"), (.get, "/api/admin/costs"),
    (.get, "/api/admin/domains"), (.get, "/api/admin/audit"),
  ]

  /// The methods that a path takes, HEAD wherever GET; empty where there is no such path.
  static func methods(of path: String) -> [HTTPRequest.Method] {
    routes.filter { matches(path, $0.path) }.flatMap { $0.method == .get ? [.get, .head] : [$0.method] }
  }

  private static func matches(_ path: String, _ template: String) -> Bool {
    let parts = path.split(separator: "/", omittingEmptySubsequences: true)
    let expected = template.split(separator: "/", omittingEmptySubsequences: true)
    return parts.count == expected.count && zip(parts, expected).allSatisfy { $1.hasPrefix("{") || $0 == $1 }
  }
}
