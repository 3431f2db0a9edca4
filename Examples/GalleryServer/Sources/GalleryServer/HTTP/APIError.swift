internal import BillingKit
internal import HTTPTypes
internal import SaaSCore
internal import TenancyKit
internal import UsageKit
internal import AdminReports

/// What the server answers instead of a result: a status, a stable code for programs and a sentence for people. Never a
/// secret, a stack trace, or another tenant's data.
struct APIError: Error, Sendable {
  let status: HTTPTypes.HTTPResponse.Status
  let code: String
  let message: String
  var headers: HTTPFields = [:]

  init(_ status: HTTPTypes.HTTPResponse.Status, _ code: String, _ message: String) {
    self.status = status
    self.code = code
    self.message = message
  }

  static let hostNotFound = APIError(.notFound, "hostNotFound", "There is nothing at this host.")
}

extension HTTPTypes.HTTPResponse.Status {
  /// 402, which HTTPTypes has no name for.
  static let paymentRequired = HTTPTypes.HTTPResponse.Status(code: 402)
}

extension APIError {
  init(_ refusal: AccessRefusal) {
    switch refusal {
    case .notAMember: self.init(.forbidden, "notAMember", "The token is of another organisation.")
    case .roleTooLow(let needed):
      self.init(
        .forbidden, "roleTooLow", "This needs the role " + needed.map(\.rawValue).joined(separator: " or ") + ".")
    }
  }

  init(_ error: StoreError) {
    switch error {
    case .notFound: self.init(.notFound, "notFound", "There is no such thing.")
    case .conflict: self.init(.conflict, "conflict", "Somebody else's change came first; read again.")
    case .unavailable, .corrupt:
      self.init(.serviceUnavailable, "storeUnavailable", "The store cannot answer now.")
    }
  }

  init(_ error: BillingError) {
    switch error {
    case .access(let refusal): self.init(refusal)
    case .notBillingAdmin:
      self.init(.forbidden, "notBillingAdmin", "This needs the owner or the billing admin.")
    case .unknownPlan: self.init(.unprocessableContent, "unknownPlan", "There is no such plan.")
    case .notForSale: self.init(.unprocessableContent, "notForSale", "The plan is not sold like this.")
    case .seatsOutOfRange(let minimum, let maximum):
      self.init(.unprocessableContent, "seatsOutOfRange", "The plan has from \(minimum) to \(maximum) seats.")
    case .noSeats: self.init(.unprocessableContent, "noSeats", "The plan has no seats.")
    case .alreadySubscribed: self.init(.conflict, "alreadySubscribed", "There is a subscription already.")
    case .noSubscription: self.init(.conflict, "noSubscription", "There is no subscription.")
    case .unresolvedPrices:
      self.init(.conflict, "unresolvedPrices", "The subscription has prices that the operator has to map first.")
    case .changeUnderWay(let until):
      self.init(
        .conflict, "changeUnderWay", "Another change is under way; try again, at the latest from \(until.iso8601) on.")
    case .notCancelling: self.init(.conflict, "notCancelling", "The subscription is not being cancelled.")
    case .noCustomer: self.init(.conflict, "noCustomer", "Nothing was bought yet.")
    case .foreignSession: self.init(.notFound, "noSuchSession", "There is no such checkout.")
    case .customerTaken: self.init(.conflict, "customerTaken", "The customer is another organisation's.")
    case .alreadyLinked: self.init(.conflict, "alreadyLinked", "The organisation has another customer.")
    case .contended: self.init(.serviceUnavailable, "contended", "Others are changing this now; try again.")
    case .gateway: self.init(.badGateway, "paymentProvider", "The payment provider did not answer as expected.")
    case .store(let error): self.init(error)
    }
  }

  init(_ error: AdmissionRefusal) {
    switch error {
    case .limitReached(let status):
      self.init(
        .paymentRequired, "limitReached",
        "The plan's limit on \(status.allowance.limit.metric.rawValue) is reached until \(status.resetsAt.iso8601).")
    case .failed(let error): self.init(error)
    }
  }

  init(_ error: UsageRecorderError) {
    switch error {
    case .refused(.limitReached): self.init(.paymentRequired, "limitReached", "The plan's limit on runs is reached.")
    case .refused(.tooOld(let horizon)):
      self.init(.unprocessableContent, "tooOld", "It lies before \(horizon.iso8601), where rows were deleted.")
    case .refused(.invalid(let error)): self.init(.unprocessableContent, "invalid", "\(error)")
    case .conflict: self.init(.conflict, "conflict", "It is there already with other content, which was kept.")
    case .identifier(let error): self.init(.unprocessableContent, "invalidIdentifier", "\(error)")
    case .refused(.unanswered), .cancelled, .overloaded, .closed:
      self.init(.serviceUnavailable, "overloaded", "The server cannot take more now; try again.")
    case .store(let error): self.init(error)
    }
  }

  init(_ error: ReportError) {
    switch error {
    case .refused(let refusal): self.init(refusal)
    case .windowTooLong(let count): self.init(.unprocessableContent, "windowTooLong", "\(count) days are too many.")
    case .invalidCursor: self.init(.unprocessableContent, "invalidCursor", "The cursor is of another query.")
    case .deletedBefore(let instant):
      self.init(.gone, "deletedBefore", "Rows before \(instant.iso8601) were deleted.")
    case .store(let error): self.init(error)
    }
  }

  init(_ error: TenantStoreError) {
    switch error {
    case .tenantExists, .organizationHasTenant:
      self.init(.conflict, "tenantExists", "The organisation has its tenant.")
    case .slugTaken: self.init(.conflict, "slugTaken", "The slug is taken.")
    case .slugHeld(_, let until): self.init(.conflict, "slugHeld", "The slug is held until \(until.iso8601).")
    case .slugChanged: self.init(.conflict, "conflict", "The slug was changed meanwhile.")
    case .closed: self.init(.conflict, "closed", "The tenant is closed.")
    case .mappingExists: self.init(.conflict, "domainExists", "The domain is there already.")
    case .hostTaken: self.init(.conflict, "domainUnavailable", "The domain cannot be had.")
    case .hostNotProven: self.init(.conflict, "domainNotProven", "The domain is not proven.")
    case .store(let error): self.init(error)
    case .claimPaused(_, let until):
      self.init(.conflict, "claimPaused", "The domain can be claimed again at \(until.iso8601).")
    case .domainLimitReached(let limit):
      self.init(.paymentRequired, "domainLimitReached", "The plan has \(limit) custom domains.")
    }
  }
}
