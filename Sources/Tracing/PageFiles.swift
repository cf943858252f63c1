/// The parts of the trace's page, as they stand in the folder `Page`, and what the chat page has in common
/// with it.
package enum PageFiles {
  /// Colors of both pages, light and dark.
  package static var colors: String { text(PackageResources.colors_css) }
  /// Nodes made of text that is never read as markup: a module of JavaScript.
  package static var nodes: String { text(PackageResources.nodes_js) }

  static var html: String { text(PackageResources.trace_html) }
  static var style: String { text(PackageResources.trace_css) }

  /// The scripts of the page: each stands behind those that it imports.
  private static var scripts: [[UInt8]] {
    [
      PackageResources.nodes_js, PackageResources.data_js, PackageResources.choice_js,
      PackageResources.pieces_js, PackageResources.text_js, PackageResources.arrival_js,
      PackageResources.layers_js, PackageResources.details_js, PackageResources.map_js,
      PackageResources.trace_js,
    ]
  }

  /// The scripts as one without modules: a page from the disk may not load any.
  static var plainScripts: String {
    scripts.map(text).joined().split(separator: "\n", omittingEmptySubsequences: false)
      .filter { !$0.hasPrefix("import ") }
      .map { $0.hasPrefix("export ") ? $0.dropFirst("export ".count) : $0 }
      .joined(separator: "\n")
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
