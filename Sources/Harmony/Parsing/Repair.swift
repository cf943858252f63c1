public import GPTOSSTokenizer

/// Something that ``TolerantParser`` repaired, and where.
public struct Repair: Sendable, Hashable {
  /// What was repaired.
  public let kind: Kind
  /// How many tokens the parser had taken before the one at which it did so.
  public let tokenIndex: Int

  /// A repair of this kind at this token.
  public init(kind: Kind, tokenIndex: Int) {
    self.kind = kind
    self.tokenIndex = tokenIndex
  }

  /// What a repair was.
  public enum Kind: Sendable, Hashable {
    /// A marker had no meaning where it stood, such as a second `<|end|>`; it was dropped.
    case strayMarker(Marker)
    /// A special token that the format has no use for was dropped.
    case strayToken(TokenID)
    /// An id that the vocabulary does not have was dropped.
    case unknownToken(TokenID)
    /// `<|endoftext|>` ended the turn in place of `<|return|>`.
    case endOfText
    /// A message began without `<|start|>`.
    case missingStart
    /// A message ended without `<|end|>`, because the next one began.
    case missingEnd
    /// A header ended without `<|message|>`; the text in it became the content.
    case missingMessage
    /// `<|start|>` was not followed by a role; it is taken to be the assistant's.
    case missingRole
    /// The role's place held something else; the role is taken to be the assistant's.
    case unknownRole(String)
    /// A channel's name stood without `<|channel|>` before it.
    case missingChannelMarker
    /// A channel's name had something around it or was cut short.
    case malformedChannel(String)
    /// The channel's place held something that is no channel.
    case unknownChannel(String)
    /// The channel's place held the name of a tool, which became the recipient.
    case toolAsChannel(String)
    /// A second channel; the last one counts.
    case repeatedChannel
    /// A second recipient; the last one counts.
    case repeatedRecipient(String)
    /// The assistant addressed itself; that is no call.
    case selfAddressed
    /// The tool's name lacked its namespace.
    case missingNamespace(String)
    /// The content type was glued to the tool's name.
    case gluedContentType
    /// What followed `<|constrain|>` was no content type.
    case malformedContentType(String)
    /// Prose stood before `<|message|>` in a message that the user sees; the content begins with it.
    case textBeforeMessage(String)
    /// Text in a header that is none of its parts; it is in no message.
    case ignoredHeaderText(String)
    /// A header that had no content was not followed by `<|message|>`; it is in no message.
    case droppedHeader(String)
    /// `<|call|>` ended a message that is addressed to nobody.
    case callWithoutRecipient
  }
}

extension Repair.Kind: CustomStringConvertible {
  /// What was repaired, in a few words.
  public var description: String {
    switch self {
    case .strayMarker(let marker): "dropped a stray \(marker.rawValue)"
    case .strayToken(let token): "dropped the special token \(token)"
    case .unknownToken(let token): "dropped the unknown token \(token)"
    case .endOfText: "<|endoftext|> ended the turn"
    case .missingStart: "a message began without <|start|>"
    case .missingEnd: "a message ended without <|end|>"
    case .missingMessage: "a header without <|message|> became content"
    case .missingRole: "took the missing role to be the assistant's"
    case .unknownRole(let role): "took the role \"\(role)\" to be the assistant's"
    case .missingChannelMarker: "a channel without <|channel|>"
    case .malformedChannel(let text): "read a channel from \"\(text)\""
    case .unknownChannel(let text): "\"\(text)\" is no channel"
    case .toolAsChannel(let text): "the tool \"\(text)\" stood in the channel's place"
    case .repeatedChannel: "a second channel"
    case .repeatedRecipient(let earlier): "a second recipient in place of \"\(earlier)\""
    case .selfAddressed: "the assistant addressed itself"
    case .missingNamespace(let name): "the tool \"\(name)\" lacked its namespace"
    case .gluedContentType: "the content type was glued to the tool's name"
    case .malformedContentType(let text): "\"\(text)\" is no content type"
    case .textBeforeMessage(let text): "put \"\(text)\" from the header into the content"
    case .ignoredHeaderText(let text): "ignored \"\(text)\" in a header"
    case .droppedHeader(let text): "dropped the header \"\(text)\""
    case .callWithoutRecipient: "<|call|> ended a message that is addressed to nobody"
    }
  }
}

extension Repair: CustomStringConvertible {
  /// What was repaired, and where.
  public var description: String { "token \(tokenIndex): \(kind)" }
}
