/// The special tokens that give a conversation its shape.
public enum Marker: String, Sendable, Hashable, CaseIterable {
  /// Begins a message's header.
  case start = "<|start|>"
  /// Ends the header and begins the content.
  case message = "<|message|>"
  /// Precedes the channel's name in the header.
  case channel = "<|channel|>"
  /// Precedes the content type in the header.
  case constrain = "<|constrain|>"
  /// Ends a message.
  case end = "<|end|>"
  /// Ends the assistant's turn; in history it becomes `<|end|>`.
  case `return` = "<|return|>"
  /// Ends a call of a tool, and with it the turn.
  case call = "<|call|>"

  /// Whether the token ends a message.
  public var endsMessage: Bool {
    switch self {
    case .end, .return, .call: true
    case .start, .message, .channel, .constrain: false
    }
  }
}

/// A stretch of a rendered conversation, before it is made into tokens.
///
/// The tokenizer works on one piece of text at a time: two neighbors are not merged, and text that
/// looks like a marker is never one.
public enum Segment: Sendable, Equatable {
  /// A special token.
  case marker(Marker)
  /// Ordinary text.
  case text(String)
}

extension Segment: CustomStringConvertible, CustomDebugStringConvertible {
  /// The stretch as the model reads it: a marker by its name, text as it is.
  public var description: String {
    switch self {
    case .marker(let marker): marker.rawValue
    case .text(let text): text
    }
  }

  /// A marker by its name, text in quotes: in a list they can be told apart.
  public var debugDescription: String {
    switch self {
    case .marker(let marker): marker.rawValue
    case .text(let text): text.debugDescription
    }
  }
}
