import GPTOSSRunner
import Testing

/// Which command was meant. Breaks when a slip is not understood, or anything passes for one.
struct NearestNameTests {
  static let names = ["generate", "chat", "inspect", "tokenize", "detokenize", "bench"]

  @Test(arguments: [
    ("generat", "generate"), ("genreate", "generate"), ("GENERATE", "generate"), ("ge", "generate"),
    ("caht", "chat"),
    ("cht", "chat"), ("bnch", "bench"), ("tokenise", "tokenize"), ("chat", "chat"),
  ]) func slips(_ typed: String, _ meant: String) {
    #expect(Self.names.nearest(to: typed) == meant)
  }

  @Test(arguments: ["", "g", "run", "x", "serve", String(repeating: "chat", count: 1000)])
  func otherWords(_ typed: String) {
    #expect(Self.names.nearest(to: typed) == nil)
  }
}
