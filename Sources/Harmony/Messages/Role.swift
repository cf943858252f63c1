/// Who speaks.
public enum Role: String, Sendable, Hashable, CaseIterable {
  /// The person.
  case user
  /// The model.
  case assistant
  /// The platform: identity, effort, dates, channels and built-in tools.
  case system
  /// The app: instructions and function tools.
  case developer
  /// A tool answering a call; its messages carry the tool's name.
  case tool
}

/// The author of a message: a role and, for tools always and for others seldom, a name.
public struct Author: Sendable, Hashable {
  /// Who speaks.
  public var role: Role
  /// The tool's name, such as `functions.get_weather`, or the user's.
  public var name: String?

  /// An author with a role and perhaps a name.
  public init(_ role: Role, name: String? = nil) {
    self.role = role
    self.name = name
  }
}
