public import ArgumentParser
public import GPTOSS

/// Whether tokens are guessed ahead.
struct LookaheadOption: ParsableArguments {
  @Option(
    help: """
      Whether to guess tokens from what the text said before, which saves time where it is copied: auto or \
      off. The text is the same.
      """)
  var lookahead = Lookahead.auto
}

extension Lookahead: ExpressibleByArgument {}
