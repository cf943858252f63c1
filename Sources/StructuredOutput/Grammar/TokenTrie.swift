package import GPTOSSSampling
public import GPTOSSTokenizer
import Synchronization

/// A vocabulary's tokens as a tree of their bytes, so that a constraint reads shared beginnings once.
///
/// Building it takes about a tenth of a second for 200,000 tokens; any number of constraints share it.
public final class TokenTrie: Sendable {
  /// A token's last byte, or a byte on the way to one.
  ///
  /// Nodes come in the order of a depth-first walk.
  struct Node {
    /// The first node behind those below this one.
    var end: UInt32
    /// The token that ends here, or ``noToken``.
    var token: UInt32
    var byte: UInt8
    /// Bytes from the root.
    var depth: UInt8
  }

  static let noToken = UInt32.max
  /// Longer tokens are left out: nothing needs them, since each of their bytes has a token.
  static let longestToken = 255

  /// The vocabulary that the tokens are from.
  public let vocabulary: Vocabulary
  /// All tokens but special ones.
  package let textTokens: TokenMask
  /// The root, then every other node.
  let nodes: [Node]
  /// `[256]`: the nodes of the tokens that begin with a byte.
  let nodesOfByte: [Range<Int>]
  /// Walks of built-in automata, which any schema may have.
  private let walks = Mutex(WalkCache(byteLimit: 64 << 20))
  /// Schemas that were compiled before.
  let schemas = Mutex(SchemaCache())

  /// Builds the tree of all tokens that are not special.
  public init(_ vocabulary: Vocabulary) {
    self.vocabulary = vocabulary
    let tokens = SortedTokens(vocabulary)
    textTokens = tokens.textTokens
    let nodes = tokens.makeNodes()
    self.nodes = nodes
    var nodesOfByte = [Range<Int>](repeating: 0..<0, count: 256)
    var child = 1
    while child < nodes.count {
      nodesOfByte[Int(nodes[child].byte)] = child..<Int(nodes[child].end)
      child = Int(nodes[child].end)
    }
    self.nodesOfByte = nodesOfByte
  }

  /// The bytes of a token that may be part of a text; `nil` for special tokens and ids without a token.
  func bytes(of token: TokenID) -> [UInt8]? {
    guard vocabulary.specialTokenText(token) == nil else { return nil }
    return vocabulary.bytes(of: token)
  }

  /// Tokens whose bytes together are `text`: the longest that fits, again and again.
  func tokens(of text: [UInt8]) -> [TokenID] {
    var tokens: [TokenID] = []
    var offset = 0
    while offset < text.count {
      guard let token = longestToken(text, from: offset), let length = vocabulary.bytes(of: token)?.count
      else {
        return tokens
      }
      tokens.append(token)
      offset += length
    }
    return tokens
  }

  private func longestToken(_ text: [UInt8], from start: Int) -> TokenID? {
    var longest: TokenID?
    var node = 0
    for byte in text[start...] {
      guard let child = child(of: node, byte) else { break }
      node = child
      if nodes[node].token != Self.noToken { longest = TokenID(nodes[node].token) }
    }
    return longest
  }

  /// The node that a byte leads to.
  func child(of node: Int, _ byte: UInt8) -> Int? {
    var child = node + 1
    while child < Int(nodes[node].end), nodes[child].byte != byte { child = Int(nodes[child].end) }
    return child < Int(nodes[node].end) ? child : nil
  }

  /// The bytes from the root to a node.
  func text(of node: Int) -> ArraySlice<UInt8> {
    // Below every node there is a token, which begins with them.
    var below = node
    while nodes[below].token == Self.noToken { below += 1 }
    let token = vocabulary.bytes(of: TokenID(nodes[below].token)) ?? []
    return token.prefix(Int(nodes[node].depth))
  }

  /// The walk from a state of a built-in automaton, made once for the vocabulary.
  func walk(_ automaton: Automaton, from state: Int, isCounted: Bool) -> TokenWalk {
    walks.withLock { $0.walk(self, automaton, from: state, isCounted: isCounted) }
  }

  /// Nodes that such a walk would read, at most; 0 if it is known.
  func walkNodeCount(_ automaton: Automaton, from state: Int, isCounted: Bool) -> Int {
    walks.withLock { $0.nodeCount(self, automaton, from: state, isCounted: isCounted) }
  }
}
