import Foundation
import HTTPTypes
import Testing

@testable import GalleryServer

/// Holds `/openapi.json` to the routes and to real answers.
@Suite("The OpenAPI description") struct DescriptionTests {
  private let host = "orchard.localhost"

  @Test("it has exactly the server's routes, and every reference in it is to something")
  func routes() async throws {
    try await RunningServer.with { server in
      let description = try await server.client.call("GET", "/openapi.json", host: host).json
      #expect(description["openapi"].string == "3.1.0")
      var described: Set<String> = []
      for (path, item) in description["paths"].members {
        for (method, operation) in item.members {
          described.insert("\(method.uppercased()) \(path)")
          #expect(!operation["responses"].members.isEmpty, "\(method) \(path)")
          let named = Set(
            operation["parameters"].array.filter { $0["in"].string == "path" }.compactMap { $0["name"].string })
          let needed = Set(
            path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) })
          #expect(named == needed, "\(path)")
        }
      }
      #expect(described == Set(RouteTable.routes.map { "\($0.method.rawValue) \($0.path)" }))
      for reference in Self.references(in: description.value) {
        var target = description
        for name in reference.split(separator: "/").dropFirst() { target = target[String(name)] }
        #expect(!target.members.isEmpty, "\(reference)")
      }
      // The table is the router's own: no route of it is unknown to the server.
      for route in RouteTable.routes {
        let path = route.path.replacing("{id}", with: "x")
        let answer = try await server.client.call(route.method.rawValue, path, host: host)
        #expect(answer.code != "routeNotFound" && answer.code != "methodNotAllowed", "\(route)")
      }
    }
  }

  @Test("real answers have the described statuses and shapes")
  func answers() async throws {
    try await RunningServer.with { server in
      let description = try await server.client.call("GET", "/openapi.json", host: host).json
      let token = try await server.token("orchard")
      let checker = ShapeChecker(description: description)
      func check(_ method: String, _ path: String, of template: String? = nil, body: String? = nil, token: String?)
        async throws -> Client.Answer
      {
        let answer = try await server.client.call(method, path, host: host, token: token, body: body)
        let plain = String(path.prefix { $0 != "?" })
        let faults = checker.faults(of: answer, method: method, path: template ?? plain)
        #expect(faults.isEmpty, "\(method) \(path) \(answer.status): \(faults) \(answer.text.prefix(300))")
        return answer
      }
      for path in ["/healthz", "/readyz"] { _ = try await check("GET", path, token: nil) }
      _ = try await check("POST", "/api/stripe/webhook", body: "{}", token: nil)
      let checkout = try await check("POST", "/api/billing/checkout", body: #"{"plan":"pro"}"#, token: token)
      let session = try #require(checkout.json["id"].string)
      _ = try await server.client.call("GET", "/dev/checkout?session=\(session)", host: host, token: token)
      _ = try await check("GET", "/billing/return?session_id=\(session)", token: token)
      _ = try await check("POST", "/api/billing/portal", token: token)
      _ = try await check("POST", "/api/runs", body: #"{"workflow":"w","runId":"r"}"#, token: token)
      for _ in 0..<2 {
        _ = try await check("POST", "/api/runs/r/steps", of: "/api/runs/{id}/steps", body: step("s"), token: token)
      }
      _ = try await check(
        "POST", "/api/runs/r/finish", of: "/api/runs/{id}/finish", body: #"{"outcome":"succeeded"}"#, token: token)
      _ = try await check("GET", "/api/entitlements", token: token)
      _ = try await check("POST", "/api/settings/domains", body: #"{"domain":"a.example"}"#, token: token)
      _ = try await check("POST", "/api/settings/domains/check", body: #"{"domain":"a.example"}"#, token: token)
      _ = try await check("GET", "/api/settings/domains", token: token)
      _ = try await check("GET", "/api/admin/domains", token: token)
      _ = try await check("DELETE", "/api/settings/domains", body: #"{"domain":"a.example"}"#, token: token)
      _ = try await check("GET", "/api/admin/billing", token: token)
      for section in ["usage", "costs"] {
        let report = try await check("GET", "/api/admin/\(section)?window=7", token: token)
        let query = report.json["total"][section == "usage" ? "runs" : "events"]["audit"].string
        _ = try await check("GET", "/api/admin/audit?\(try #require(query))", token: token)
      }
      _ = try await check("GET", "/api/admin/usage?window=8", token: token)
      _ = try await check("GET", "/api/entitlements", token: nil)
      _ = try await check("GET", "/api/entitlements", token: try await server.token("meadow"))
      _ = try await check("POST", "/api/runs", body: "{", token: token)
      _ = try await check("PUT", "/api/settings/slug", body: #"{"slug":"meadow"}"#, token: token)
      _ = try await check("PUT", "/api/settings/slug", body: #"{"slug":"grove"}"#, token: token)
    }
  }

  private static func references(in value: Any) -> [String] {
    switch value {
    case let object as [String: Any]:
      object.flatMap { name, value in name == "$ref" ? [value as? String ?? ""] : references(in: value) }
    case let array as [Any]: array.flatMap(references)
    default: []
    }
  }
}

/// Compares answers with what the description says of them.
struct ShapeChecker {
  let description: JSON

  func faults(of answer: Client.Answer, method: String, path: String) -> [String] {
    var response = description["paths"][path][method.lowercased()]["responses"]["\(answer.status)"]
    guard !response.members.isEmpty else { return ["the status is not described"] }
    response = resolved(response)
    let schema = response["content"]["application/json"]["schema"]
    guard !schema.members.isEmpty else { return answer.body.isEmpty ? [] : ["a body is not described"] }
    return faults(in: answer.json, schema, at: "")
  }

  private func resolved(_ value: JSON) -> JSON {
    guard let reference = value["$ref"].string else { return value }
    var target = description
    for name in reference.split(separator: "/").dropFirst() { target = target[String(name)] }
    return target
  }

  private func faults(in value: JSON, _ schema: JSON, at path: String) -> [String] {
    let schema = resolved(schema)
    switch schema["type"].string {
    case "object":
      guard value.value is [String: Any] else { return ["\(path) is no object"] }
      let properties = schema["properties"].members
      guard !properties.isEmpty else { return [] }
      let missing = schema["required"].array.compactMap(\.string).filter { value.members[$0] == nil }
      let unknown = value.members.keys.filter { properties[$0] == nil }
      return missing.map { "\(path)/\($0) is missing" } + unknown.map { "\(path)/\($0) is not described" }
        + value.members.flatMap { name, member in
          properties[name].map { faults(in: member, $0, at: "\(path)/\(name)") } ?? []
        }
    case "array":
      guard value.value is [Any] else { return ["\(path) is no array"] }
      return value.array.flatMap { faults(in: $0, schema["items"], at: "\(path)/-") }
    case "string":
      guard let text = value.string else { return ["\(path) is no string"] }
      let words = schema["enum"].array.compactMap(\.string)
      return words.isEmpty || words.contains(text) ? [] : ["\(path) is \(text)"]
    case "integer": return value.int == nil ? ["\(path) is no integer"] : []
    case "boolean": return value.value is Bool ? [] : ["\(path) is no boolean"]
    default: return ["\(path) has no type"]
    }
  }
}
