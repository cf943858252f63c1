import GPTOSSTracing

/// A file of the chat page: plain HTML, CSS and JavaScript, as they stand in this folder. Two of them it has
/// in common with the pages of traces, and they stand there.
///
/// They are compiled in, because an installed program has no build folder beside it; and in a module of their
/// own, because bytes take the compiler long, and a build without the trait `Server` has none of them.
package struct PageFile: Sendable {
  /// Where the server has it.
  package let path: String
  /// The value of `Content-Type`.
  package let contentType: String
  /// What is in it.
  package let bytes: [UInt8]
  /// The value of `ETag`: another one for another content.
  package let entityTag: String

  private init(_ path: String, _ kind: Kind, _ bytes: [UInt8]) {
    self.path = path
    contentType = kind.rawValue
    self.bytes = bytes
    // FNV-1a (Fowler, Noll, Vo), 64 bits.
    let hash = bytes.reduce(14_695_981_039_346_656_037 as UInt64) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    entityTag = "\"\(String(hash, radix: 16))\""
  }

  private enum Kind: String {
    case html = "text/html; charset=utf-8"
    case style = "text/css; charset=utf-8"
    case script = "text/javascript; charset=utf-8"
    case picture = "image/svg+xml"
  }

  /// The page and all that it loads.
  package static let all: [PageFile] = [
    PageFile("/", .html, PackageResources.index_html),
    PageFile("/page/colors.css", .style, Array(PageFiles.colors.utf8)),
    PageFile("/page/style.css", .style, PackageResources.style_css),
    PageFile("/page/icon.svg", .picture, PackageResources.icon_svg),
    PageFile("/page/inside.js", .script, PackageResources.inside_js),
    PageFile("/page/main.js", .script, PackageResources.main_js),
    PageFile("/page/api.js", .script, PackageResources.api_js),
    PageFile("/page/conversation.js", .script, PackageResources.conversation_js),
    PageFile("/page/dom.js", .script, PackageResources.dom_js),
    PageFile("/page/markdown.js", .script, PackageResources.markdown_js),
    PageFile("/page/models.js", .script, PackageResources.models_js),
    PageFile("/page/nodes.js", .script, Array(PageFiles.nodes.utf8)),
    PageFile("/page/settings.js", .script, PackageResources.settings_js),
    PageFile("/page/store.js", .script, PackageResources.store_js),
    PageFile("/page/texts.js", .script, PackageResources.texts_js),
    PageFile("/page/view.js", .script, PackageResources.view_js),
  ]

  /// What browsers are told beside each file: it runs its own scripts alone, makes no markup of text (Trusted
  /// Types), loads from and sends to this server alone, and stands in no other page.
  package static let headers: [(name: String, value: String)] = [
    (
      "Content-Security-Policy",
      """
      default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
      base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; \
      trusted-types 'none'
      """
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    // Asked for each time, and sent when it has changed.
    ("Cache-Control", "no-cache"),
  ]

  /// Whether a browser has the file already.
  ///
  /// - Parameter ifNoneMatch: the header `If-None-Match`.
  package func isKnown(_ ifNoneMatch: String?) -> Bool {
    // As browsers and proxies write them: a list, each perhaps weak (RFC 9110, section 13.1.2).
    let tags = (ifNoneMatch ?? "").split(separator: ",").map { tag in
      let tag = tag.drop { $0 == " " }
      return (tag.hasPrefix("W/") ? tag.dropFirst(2) : tag).prefix { $0 != " " }
    }
    return tags.contains { $0 == entityTag || $0 == "*" }
  }
}
