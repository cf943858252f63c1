extension Repair.Kind: CustomStringConvertible {
  /// What was put right, in a few words.
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
  /// What was put right, and where.
  public var description: String { "token \(tokenIndex): \(kind)" }
}
