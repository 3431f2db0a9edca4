// expect: prevents automatic synthesis of 'init(from:)' for protocol 'Decodable'
import TenancyKit

extension TenantContext: @retroactive Decodable {}
