/// What a server is doing, for people to read.
public struct MCPServerStatus: Sendable {
  /// What a server is doing.
  public enum State: Sendable, Equatable {
    /// The configuration says that it is not wanted.
    case disabled
    /// It is being started for the first time.
    case starting
    /// It answers.
    case running
    /// It ended for this reason and will be started again.
    case restarting(MCPError)
    /// It is given up for this reason.
    case failed(MCPError)
    /// It was stopped.
    case stopped
  }

  /// The name in the configuration.
  public let name: String
  /// What it is doing.
  public let state: State
  /// What it says about itself: name and version; empty if nothing. The text is the server's.
  public let description: String
  /// The version of the protocol that is spoken with it.
  public let protocolVersion: String?
  /// The tools that it offers to the model, in the order of the prompt.
  public let tools: [MCPTool]
  /// What is wrong with its tools, one line each.
  public let notes: [String]
}

extension MCPServerStatus.State: CustomStringConvertible {
  /// One word for programs.
  package var word: String {
    switch self {
    case .disabled: "disabled"
    case .starting: "starting"
    case .running: "running"
    case .restarting: "restarting"
    case .failed: "failed"
    case .stopped: "stopped"
    }
  }

  /// Why it does not run, where that is not wanted.
  package var error: MCPError? {
    switch self {
    case .restarting(let error), .failed(let error): error
    case .disabled, .starting, .running, .stopped: nil
    }
  }

  /// A few words, with the reason if there is one.
  public var description: String { error.map { "\(word): \($0)" } ?? word }
}
