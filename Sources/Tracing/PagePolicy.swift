/// What a browser lets the page of a trace do: run its own script, and nothing else.
package struct PagePolicy: Sendable {
  /// The number, drawn for one page, by which its scripts and styles are known.
  let nonce = (0..<4).map { _ in String(UInt32.random(in: .min ... .max), radix: 36) }.joined()

  /// A policy for one page.
  package init() {}

  /// What stands in the page.
  var text: String {
    """
    default-src 'none'; script-src 'nonce-\(nonce)'; style-src 'nonce-\(nonce)'; base-uri 'none'; \
    form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'
    """
  }

  /// What a server sends beside the page, the value of `Content-Security-Policy`: with it the page stands in
  /// no other, and is of an origin of its own, which has nothing of the server's.
  package var header: String { text + "; frame-ancestors 'none'; sandbox allow-scripts" }
}
