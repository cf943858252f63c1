/// How a client on a socket shows the server's API key.
///
/// A key of the form `sk-lm-ID:SECRET` travels in the first frame, as newer TypeScript SDKs send it: the id as
/// `clientIdentifier`, the secret as `clientPasskey`. lmstudio-python 1.5.0 sends none, and neither do older
/// TypeScript SDKs. Other programs may send any key in the header of the upgrade.
package struct SocketKey: Sendable {
  private let credentials: ClientMessage.Credentials

  /// nil for a key of another form, which no first frame can show.
  package init?(_ key: String) {
    let prefix = "sk-lm-"
    guard key.hasPrefix(prefix) else { return nil }
    let parts = key.dropFirst(prefix.count).split(separator: ":", maxSplits: 1)
    guard parts.count == 2 else { return nil }
    credentials = ClientMessage.Credentials(identifier: String(parts[0]), passkey: String(parts[1]))
  }

  /// Whether a first frame shows the key. The time that this takes does not depend on how much of it is right.
  package func isShown(by shown: ClientMessage.Credentials) -> Bool {
    let isKnown = Gate.isSame(shown.identifier.utf8, credentials.identifier.utf8)
    return Gate.isSame(shown.passkey.utf8, credentials.passkey.utf8) && isKnown
  }
}
