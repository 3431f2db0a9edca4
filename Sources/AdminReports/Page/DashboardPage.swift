/// Everything that the dashboard shows, read section by section.
public struct DashboardPage: Sendable, Hashable, Codable {
  /// Runs by day, user and workflow.
  public let usage: UsageSection
  /// Events, tokens and costs.
  public let costs: CostSection
  /// The plan, limits and warnings; nil where the host application has no billing.
  public let billing: BillingSection?
  /// Custom domains.
  public let domains: DomainSection

  /// The page as one HTML document that needs nothing else: no script, no style sheet, no picture, no font from elsewhere.
  ///
  /// Everything in it that somebody chose (names, links, titles) is escaped.
  public func html(_ options: PageOptions) -> String {
    var writer = HTMLWriter()
    let layout = PageLayout(page: self, options: options)
    layout.write(to: &writer)
    return "<!doctype html>\n" + writer.html + "\n"
  }
}

/// How the host application wants the page.
public struct PageOptions: Sendable {
  /// The name of the organisation, as its members know it.
  public var organizationName: String
  /// The language of the page.
  public var language: PageLanguage
  /// The host application's own route that opens the customer portal; nil for none. Only a path, or an address with
  /// `https` or `http`, becomes a link.
  public var portalLink: String?
  /// The link to the page for a number of days (7, 30, 90).
  public var windowLink: @Sendable (Int) -> String
  /// The link to the rows of which a figure is made; nil for figures without links.
  public var auditLink: (@Sendable (AuditQuery) -> String)?

  /// A page for an organisation.
  public init(
    organizationName: String, language: PageLanguage = .english, portalLink: String? = nil,
    windowLink: @escaping @Sendable (Int) -> String = { "?window=\($0)" },
    auditLink: (@Sendable (AuditQuery) -> String)? = nil
  ) {
    self.organizationName = organizationName
    self.language = language
    self.portalLink = portalLink
    self.windowLink = windowLink
    self.auditLink = auditLink
  }
}

/// The address of a link, or nothing where its scheme could run a script.
enum LinkTarget {
  /// A path, query or fragment, or an address with `https` or `http`; nil for anything else (RFC 3986 §4.2: a reference
  /// whose first segment has a colon has a scheme).
  static func checked(_ link: String) -> String? {
    let trimmed = link.drop { $0 == " " }
    guard !trimmed.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f || $0 == "\\" }) else {
      return nil
    }
    // Two slashes begin the name of another host (RFC 3986 §4.2), whatever comes before them as white space.
    guard !trimmed.hasPrefix("//") else { return nil }
    let head = trimmed.prefix { !"/?#".contains($0) }
    guard let colon = head.firstIndex(of: ":") else { return String(trimmed) }
    let scheme = head[..<colon].lowercased()
    return scheme == "https" || scheme == "http" ? String(trimmed) : nil
  }
}
