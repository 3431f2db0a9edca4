import HTTPTypes
import Testing

@testable import GalleryServer

@Suite("Routes") struct RouteTableTests {
  @Test("a path with a parameter takes the methods of its template")
  func parameters() {
    #expect(RouteTable.methods(of: "/api/runs/run_1/steps") == [.post])
    #expect(RouteTable.methods(of: "/api/runs/run_1/steps/more").isEmpty)
    #expect(RouteTable.methods(of: "/api/settings/domains") == [.get, .head, .post, .delete])
  }
}
