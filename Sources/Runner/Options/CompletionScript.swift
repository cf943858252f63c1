import ArgumentParser

/// The scripts by which shells complete arguments.
enum CompletionScript {
  /// A script of the argument parser's with what may follow `help`, which it leaves out; any other text stays as
  /// it is.
  static func withHelp(_ script: String) -> String {
    let commands = GPTOSSCommand.configuration.subcommands
    let names = commands.map { $0._commandName }.joined(separator: " ")
    var script =
      script
      .replacing(
        "_gptoss_help() {\n    :\n",
        with: "_gptoss_help() {\n    COMPREPLY+=($(compgen -W '\(names)' -- \"${cur}\"))\n"
      )
      .replacing("'*:subcommands:'", with: "'*:subcommands:(\(names))'")
    if script.contains("function __gptoss_should_offer") {
      script +=
        "complete -c 'gptoss' -n '__gptoss_should_offer_completions_for_positional \"gptoss help\" -eq 1' "
        + "-fa '\(names)'\n"
    }
    return script
  }
}
