/// What a server's program gets of this program's environment: what it needs to run, and no secrets.
enum ServerEnvironment {
  /// What shells and libraries expect.
  private static let names: Set<String> = [
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "TERM", "LANG", "LANGUAGE", "TZ", "TMPDIR",
  ]

  /// - Parameters:
  ///   - configured: what `mcp.json` sets, which comes first.
  ///   - environment: this program's.
  static func make(_ configured: [String: String], from environment: [String: String]) -> [String: String] {
    environment.filter { names.contains($0.key) || $0.key.hasPrefix("LC_") }
      .merging(configured) { _, configured in configured }
  }
}
