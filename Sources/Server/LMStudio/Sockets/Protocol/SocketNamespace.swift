/// The parts of LM Studio's protocol, each on sockets of its own: `ws://HOST:PORT/llm` and so on.
package enum SocketNamespace: String, CaseIterable, Sendable {
  case llm, embedding, system, files, repository, diagnostics, plugins, runtime

  /// The namespace of a path; nil if it is that of something else.
  package init?(path: some StringProtocol) {
    guard path.hasPrefix("/") else { return nil }
    self.init(rawValue: String(path.dropFirst()))
  }

  /// The path of its sockets.
  package var path: String { "/\(rawValue)" }
}
