// expect: requires that 'TenantContext' conform to 'Decodable'
import Foundation
import TenancyKit

func attempt(_ json: Data) throws -> TenantContext {
  try JSONDecoder().decode(TenantContext.self, from: json)
}
