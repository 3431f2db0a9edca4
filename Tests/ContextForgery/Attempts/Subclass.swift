// expect: inheritance from non-protocol, non-class type 'TenantContext'
import TenancyKit

final class Forged: TenantContext {}
