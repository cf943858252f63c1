import GPTOSS
import Testing

/// Who runs a model in a debug build is told, once.
struct BuildWarningTests {
  @Test(arguments: [true, false])
  func isGivenOnceToDebugBuilds(_ isDebugBuild: Bool) {
    let warning = BuildWarning(isDebugBuild: isDebugBuild)
    var lines: [String] = []
    for _ in 0..<3 { warning.give { lines.append($0) } }
    #expect(lines.count == (isDebugBuild ? 1 : 0))
    #expect(lines.allSatisfy { $0.contains("-c release") && !$0.contains("\n") })
  }

  /// A program that was built for release says nothing about it.
  @Test func loadingGivesIt() async throws {
    let lines = Box<[String]>([])
    var options = LoadOptions()
    options.log = { line in lines.change { $0.append(line) } }
    _ = try await RandomModel.load(options)
    #if DEBUG
      #expect(lines.value.count <= 1)
    #else
      #expect(lines.value.isEmpty)
    #endif
  }
}
