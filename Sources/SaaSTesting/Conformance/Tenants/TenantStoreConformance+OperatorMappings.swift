internal import SaaSCore
internal import TenancyKit

extension TenantStoreConformance {
  static let operatorMappings = [
    Check("an operator's mapping cannot take a label that is anybody's slug", labelAgainstSlug),
    Check("an operator's mapping cannot take a label that anybody holds, until the hold ends", labelAgainstHold),
    Check("no slug can take the label of an operator's mapping while there is one", slugAgainstLabel),
    Check("the label is checked after the host and before the tenant's status", labelErrorOrder),
    Check("a label under several platform domains is free when its last mapping goes", sharedLabel),
    Check("a mapping without a label stands in no slug's way", mappingWithoutLabel),
  ]

  private static func labelAgainstSlug(_ subject: TenantStoreSubject) async throws {
    try await subject.create("t", slug: "mine")
    try await subject.create("u", slug: "theirs")
    try await subject.create("gone", slug: "closed", status: .closed)
    for label in ["mine", "theirs", "closed"] {
      try await subject.refused(.slugTaken(Slug(label)), "a mapping whose label is the slug \(label)") {
        try await subject.map("\(label).platform.example", label: label, to: "t")
      }
    }
  }

  private static func labelAgainstHold(_ subject: TenantStoreSubject) async throws {
    let until = TenantStoreSubject.start + .seconds(100)
    for (id, label) in [("t", "my-old"), ("u", "their-old")] {
      try await subject.create(id, slug: label)
      try await subject.rename(id, from: label, to: "new-" + id)
    }
    for label in ["my-old", "their-old"] {
      let host = "\(label).platform.example"
      try await subject.refused(.slugHeld(Slug(label), until: until), "a mapping whose label is held: \(label)") {
        try await subject.map(host, label: label, to: "t", at: until - .microseconds(1))
      }
      try await subject.map(host, label: label, to: "t", at: until)
    }
  }

  private static func slugAgainstLabel(_ subject: TenantStoreSubject) async throws {
    try await subject.create("t", slug: "first")
    let mapping = try await subject.map("gallery.platform.example", label: "gallery", to: "t")
    let slug = try Slug("gallery")
    try await subject.refused(.slugTaken(slug), "creating with a label that is mapped") {
      try await subject.create("u", slug: "gallery")
    }
    try await subject.refused(.slugTaken(slug), "renaming the mapping's own tenant to its label") {
      try await subject.rename("t", from: "first", to: "gallery")
    }
    var removing = mapping
    removing.state = .removing
    removing = try await subject.store.update(removing, at: TenantStoreSubject.start)
    try await subject.refused(.slugTaken(slug), "creating with a label whose mapping is being removed") {
      try await subject.create("u", slug: "gallery")
    }
    try await subject.store.delete(removing, at: TenantStoreSubject.start)
    try await subject.create("u", slug: "gallery")
  }

  private static func labelErrorOrder(_ subject: TenantStoreSubject) async throws {
    try await subject.create("t", slug: "taken")
    try await subject.map("x.platform.example", label: "x", to: "t")
    try await subject.refused(.mappingExists(HostName("x.platform.example")), "a mapping that there is, of a bad label")
    {
      try await subject.map("x.platform.example", label: "taken", to: "t")
    }
    try await subject.create("gone", status: .closed)
    try await subject.refused(.hostTaken(HostName("x.platform.example")), "a taken host of a bad label") {
      try await subject.map("x.platform.example", label: "taken", to: "gone")
    }
    try await subject.refused(.slugTaken(Slug("taken")), "a closed tenant's mapping of a bad label") {
      try await subject.map("taken.platform.example", label: "taken", to: "gone")
    }
    try await subject.refused(.closed(TenantID("gone")), "a closed tenant's mapping") {
      try await subject.map("free.platform.example", label: "free", to: "gone")
    }
  }

  private static func sharedLabel(_ subject: TenantStoreSubject) async throws {
    try await subject.create("t", slug: "first")
    try await subject.create("u", slug: "second")
    let one = try await subject.map("both.platform.example", label: "both", to: "t")
    let two = try await subject.map("both.localhost", label: "both", to: "u")
    try await subject.store.delete(one, at: TenantStoreSubject.start)
    try await subject.refused(.slugTaken(Slug("both")), "creating with a label of which one mapping is left") {
      try await subject.create("v", slug: "both")
    }
    try await subject.store.delete(two, at: TenantStoreSubject.start)
    try await subject.create("v", slug: "both")
  }

  private static func mappingWithoutLabel(_ subject: TenantStoreSubject) async throws {
    try await subject.create("t", slug: "first")
    try await subject.map("eu.first.platform.example", label: nil, to: "t")
    try await subject.claim("eu.example", by: "t")
    try await subject.create("u", slug: "eu")
  }
}
