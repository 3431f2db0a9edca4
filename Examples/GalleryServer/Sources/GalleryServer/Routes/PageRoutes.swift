internal import HTTPTypes
internal import Hummingbird
internal import TenancyKit

/// `/`: a tenant's front page, or the platform's.
struct PageRoutes {
  let services: GalleryServices

  func add(to routes: RouterGroup<GalleryRequestContext>) {
    routes.get("/") { _, context in
      let (title, text) =
        context.tenant.map { ($0.slug.rawValue, "<p><a href=\"/admin\">Usage and billing</a></p>") }
        ?? ("Gallery", "<p>Every tenant has a host of its own under this one.</p>")
      return Response(
        status: .ok, headers: [.contentType: "text/html; charset=utf-8"],
        body: ResponseBody(
          byteBuffer: ByteBuffer(
            string: """
              <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" \
              content="width=device-width"><title>\(HTMLText.escaped(title))</title></head><body><h1>\
              \(HTMLText.escaped(title))</h1>\(text)</body></html>
              """)))
    }
  }
}
