import GPTOSSPlatform
package import GPTOSSStructuredOutput
package import GPTOSSTokenizer

/// A vocabulary's tree, made once for all who want it.
///
/// They wait for as long as it takes, so the lock is one that threads sleep on. The thread sanitizer knows
/// nothing of a `Mutex` that had to be waited for.
package final class SharedTrie: @unchecked Sendable {
  private let monitor = Monitor()
  /// Read and written within `monitor`.
  private var trie: TokenTrie?

  package init() {}

  /// The tree of a vocabulary, the same for every call.
  package func made(of vocabulary: Vocabulary) -> TokenTrie {
    monitor.enter()
    defer { monitor.leave() }
    if let trie { return trie }
    let made = TokenTrie(vocabulary)
    trie = made
    return made
  }

  /// Gives its memory back.
  package func forget() {
    monitor.enter()
    defer { monitor.leave() }
    trie = nil
  }
}
