public import GPTOSSJSON

/// How servers are run.
public struct MCPOptions: Sendable {
  /// For how long a server may take to start and to list its tools.
  public var startTimeout: Duration
  /// For how long a call may be silent; progress that the server reports begins the time anew, up to 20 times
  /// as long in all. A server's own `timeout` comes first.
  public var callTimeout: Duration
  /// The most bytes of a result; of a longer one the middle is left out, with a note in its place.
  public var resultLimit: Int
  /// Asks a person what a server wants to know; nil where nobody is there, and every such question is
  /// declined.
  public var elicit: (@Sendable (MCPElicitation) async -> MCPElicitationAnswer)?

  /// Options.
  ///
  /// The parameters are the properties of the same names.
  ///
  /// - Precondition: `resultLimit` is at least 100.
  public init(
    startTimeout: Duration = .seconds(30), callTimeout: Duration = .seconds(60), resultLimit: Int = 32_768,
    elicit: (@Sendable (MCPElicitation) async -> MCPElicitationAnswer)? = nil
  ) {
    precondition(resultLimit >= 100)
    (self.startTimeout, self.callTimeout) = (startTimeout, callTimeout)
    (self.resultLimit, self.elicit) = (resultLimit, elicit)
  }
}

/// A form that a server wants a person to fill in. All of its texts are the server's.
public struct MCPElicitation: Sendable, Equatable {
  /// The name of the server in the configuration.
  public let server: String
  /// Why the server asks.
  public let message: String
  /// What it asks for.
  public let fields: [Field]

  /// One value of the form.
  public struct Field: Sendable, Equatable {
    /// The name in the answer.
    public let name: String
    /// A name for people.
    public let title: String
    /// What belongs here; empty if the server does not say.
    public let description: String
    /// What values there are.
    public let kind: Kind
    /// Whether there has to be a value.
    public let isRequired: Bool
    /// What the server proposes.
    public let defaultValue: JSONValue?
  }

  /// The values of a field.
  public enum Kind: Sendable, Equatable {
    /// Text of so many characters.
    case text(length: ClosedRange<Int>)
    /// A number between two, possibly a whole one.
    case number(ClosedRange<Double>, isInteger: Bool)
    /// Yes or no.
    case flag
    /// One of several values; titles are for people.
    case choice([(value: String, title: String)])
    /// Several of several values, and how many.
    case choices([(value: String, title: String)], count: ClosedRange<Int>)

    /// Equal values in equal bounds.
    public static func == (left: Kind, right: Kind) -> Bool {
      switch (left, right) {
      case (.text(let left), .text(let right)): left == right
      case (.number(let left, let isInteger), .number(let right, let isRightInteger)):
        left == right && isInteger == isRightInteger
      case (.flag, .flag): true
      case (.choice(let left), .choice(let right)): left.elementsEqual(right, by: ==)
      case (.choices(let left, let count), .choices(let right, let rightCount)):
        left.elementsEqual(right, by: ==) && count == rightCount
      default: false
      }
    }
  }
}
