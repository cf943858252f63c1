public import GPTOSSJSON

/// How much the model reasons before it answers.
public enum ReasoningEffort: String, Sendable, Hashable, CaseIterable {
  /// Little.
  case low
  /// The default.
  case medium
  /// Much.
  case high

  /// The effort for a name that any API uses: `none` and `minimal` mean low, `max` and `xhigh` high.
  ///
  /// Nil for other names.
  public init?(named name: String) {
    switch name {
    case "none", "minimal", "low": self = .low
    case "medium": self = .medium
    case "high", "xhigh", "max": self = .high
    default: return nil
    }
  }
}

/// The channels that the system message announces.
public struct ChannelConfiguration: Sendable, Equatable {
  /// Their names.
  ///
  /// If there are none, the system message does not mention channels.
  public var validChannels: [String]
  /// Whether every message must name one.
  public var isRequired: Bool

  /// Channels, and whether every message must name one.
  public init(validChannels: [String], isRequired: Bool = true) {
    self.validChannels = validChannels
    self.isRequired = isRequired
  }

  /// The three that the model was trained on, required.
  public static let trained = ChannelConfiguration(validChannels: Channel.trained.map(\.rawValue))
}

/// What the platform tells the model: identity, effort, dates, channels and built-in tools.
///
/// A part that is nil is not rendered.
public struct SystemContent: Sendable, Equatable {
  /// Who the model is.
  public var modelIdentity: String?
  /// How much it reasons.
  public var reasoningEffort: ReasoningEffort?
  /// Today, as `2025-06-28`.
  public var conversationStartDate: String?
  /// The month at which the training data ends, as `2024-06`.
  public var knowledgeCutoff: String?
  /// The channels.
  public var channels: ChannelConfiguration?
  /// Built-in tools by namespace.
  public var tools: ToolNamespaces?

  /// What the reference library's `SystemContent.new()` has, with what is given here in its place.
  public init(
    modelIdentity: String? = "You are ChatGPT, a large language model trained by OpenAI.",
    reasoningEffort: ReasoningEffort? = .medium, conversationStartDate: String? = nil,
    knowledgeCutoff: String? = "2024-06", channels: ChannelConfiguration? = .trained,
    tools: [ToolNamespace]? = nil
  ) {
    self.modelIdentity = modelIdentity
    self.reasoningEffort = reasoningEffort
    self.conversationStartDate = conversationStartDate
    self.knowledgeCutoff = knowledgeCutoff
    self.channels = channels
    self.tools = tools.map(ToolNamespaces.init)
  }
}

extension SystemContent: JSONCodable {
  /// Reads `system_content`.
  ///
  /// What is absent is nil, as in the reference library's renderer.
  ///
  /// - Throws: `JSONError` for a field that is missing or is not what the schema says.
  public init(json: JSONValue) throws(JSONError) { try self.init(field: JSONField(json)) }

  init(field: JSONField) throws(JSONError) {
    modelIdentity = try field.optional("model_identity")?.string()
    reasoningEffort = nil
    if let effort = try field.optional("reasoning_effort") {
      guard let known = Self.effort(try effort.string()) else { throw effort.unknownValue() }
      reasoningEffort = known
    }
    conversationStartDate = try field.optional("conversation_start_date")?.string()
    knowledgeCutoff = try field.optional("knowledge_cutoff")?.string()
    channels = nil
    if let configuration = try field.optional("channel_config") {
      var names: [String] = []
      for name in try configuration.required("valid_channels").elements() { names.append(try name.string()) }
      channels = ChannelConfiguration(
        validChannels: names, isRequired: try configuration.required("channel_required").bool())
    }
    tools = try ToolNamespaces(field: field.optional("tools"))
  }

  private static func effort(_ name: String) -> ReasoningEffort? {
    switch name {
    case "Low": .low
    case "Medium": .medium
    case "High": .high
    default: nil
    }
  }

  /// `system_content` without the parts that are nil.
  public var json: JSONValue {
    var object = JSONObject()
    object.set("model_identity", modelIdentity)
    let effort: String? =
      switch reasoningEffort {
      case .low: "Low"
      case .medium: "Medium"
      case .high: "High"
      case nil: nil
      }
    object.set("reasoning_effort", effort)
    object.set("conversation_start_date", conversationStartDate)
    object.set("knowledge_cutoff", knowledgeCutoff)
    object["channel_config"] = channels.map {
      [
        "valid_channels": .array($0.validChannels.map(JSONValue.string)),
        "channel_required": .bool($0.isRequired),
      ]
    }
    object["tools"] = tools?.json
    object.set("type", "system_content")
    return .object(object)
  }
}
