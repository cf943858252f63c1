import GPTOSSTerminal
import Testing

struct StyleTests {
  /// A user's wish holds: `NO_COLOR` above all, then `CLICOLOR_FORCE`, then `CLICOLOR`.
  @Test(
    arguments: [
      ([:], true, false), (["NO_COLOR": "1"], false, false), (["NO_COLOR": ""], true, false),
      (["CLICOLOR": "0"], false, false), (["CLICOLOR": "1"], true, false),
      (["CLICOLOR_FORCE": "1"], true, true),
      (["CLICOLOR_FORCE": "0"], true, false), (["CLICOLOR_FORCE": "1", "CLICOLOR": "0"], true, true),
      (["CLICOLOR_FORCE": "1", "NO_COLOR": "1"], false, false),
    ] as [([String: String], Bool, Bool)])
  func wishes(_ environment: [String: String], _ onTerminal: Bool, _ elsewhere: Bool) {
    #expect(Style.isWanted(onTerminal: true, environment: environment) == onTerminal)
    #expect(Style.isWanted(onTerminal: false, environment: environment) == elsewhere)
  }
}
