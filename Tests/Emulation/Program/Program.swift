import Testing

/// Runs the tests that are linked into this program as `swift test` would, with its options.
@main
struct Program {
  static func main() async { await Testing.__swiftPMEntryPoint() as Never }
}
