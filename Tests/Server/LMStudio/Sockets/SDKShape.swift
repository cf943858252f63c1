import GPTOSSJSON
import Testing

/// What frames need for the TypeScript SDK, which drops others and lets its user wait.
enum SDKShape {
  /// Checks all frames of a client.
  static func check(_ frames: [JSONValue], _ location: SourceLocation = #_sourceLocation) throws {
    for frame in frames {
      #expect(
        problems(of: frame).isEmpty, "\(problems(of: frame)) in \(frame.text)", sourceLocation: location)
    }
  }

  /// What is wrong with a frame.
  static func problems(of frame: JSONValue) -> [String] {
    var problems: [String] = []
    func need(_ object: JSONValue?, _ name: String, _ keys: [String]) {
      for key in keys where object?[key] == nil || object?[key] == .null {
        problems.append("\(name) lacks \(key)")
      }
    }
    func needInstance(_ info: JSONValue?) {
      need(
        info, "instance",
        [
          "type", "modelKey", "format", "displayName", "path", "sizeBytes", "vision", "trainedForToolUse",
          "maxContextLength", "identifier", "instanceReference", "contextLength", "publisher",
          "indexedModelIdentifier",
        ])
      for key in ["deviceIdentifier", "ttlMs", "lastUsedTime"] where info?[key] == nil {
        problems.append("instance lacks \(key), which may be null")
      }
    }
    problems += nulls(in: frame).filter { !["deviceIdentifier", "ttlMs", "lastUsedTime"].contains($0) }
      .map { "\($0) is null" }
    if frame["type"] == "channelError" || frame["type"] == "rpcError" {
      need(frame["error"], "error", ["title", "rootTitle"])
    }
    guard let message = frame["message"] else { return problems }
    switch message["type"] {
    case "fragment":
      need(
        message["fragment"], "fragment",
        ["content", "tokensCount", "containsDrafted", "reasoningType", "isStructural"])
    case "promptProcessingProgress":
      need(message, "progress", ["progress"])
      need(
        message["details"], "details",
        [
          "cachedTokenCount", "totalPromptTokenCount", "processedPromptTokenCount",
          "unprocessedPromptTokenCount",
        ])
    case "toolCallGenerationEnd":
      need(message["toolCallRequest"], "request", ["type", "name", "id", "arguments"])
      if message["toolCallRequest"]?["arguments"]?.objectValue == nil { problems.append("no object") }
    case "toolCallGenerationFailed": need(message["error"], "error", ["title"])
    case "success" where message["stats"] != nil:
      need(message, "success", ["stats", "modelInfo", "loadModelConfig", "predictionConfig"])
      needInstance(message["modelInfo"])
      for key in ["loadModelConfig", "predictionConfig"] where message[key]?["fields"]?.arrayValue == nil {
        problems.append("\(key) has no fields")
      }
      let reasons = [
        "userStopped", "modelUnloaded", "failed", "eosFound", "stopStringFound", "toolCalls",
        "maxPredictedTokensReached", "contextLengthReached",
      ]
      if !reasons.contains(message["stats"]?["stopReason"]?.stringValue ?? "") {
        problems.append("stopReason")
      }
      for key in ["promptTokensCount", "predictedTokensCount", "totalTokensCount"]
      where message["stats"]?[key]?.intValue == nil {
        problems.append("\(key) is no integer")
      }
    case "success", "loadSuccess", "alreadyLoaded": needInstance(message["info"])
    case "startLoading", "resolved": need(message["info"], "model", ["modelKey", "path", "sizeBytes"])
    default: break
    }
    return problems
  }

  private static func nulls(in value: JSONValue) -> [String] {
    switch value {
    case .object(let object):
      object.entries.flatMap { $0.value == .null ? [$0.key] : nulls(in: $0.value) }
    case .array(let elements): elements.flatMap(nulls)
    default: []
    }
  }
}
