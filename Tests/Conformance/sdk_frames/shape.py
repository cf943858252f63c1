"""What frames need for the SDKs: the TypeScript one drops others and lets its user wait."""

NULLABLE = {"deviceIdentifier", "ttlMs", "lastUsedTime"}
MODEL = [
    "type", "modelKey", "format", "displayName", "path", "sizeBytes", "vision", "trainedForToolUse", "maxContextLength",
    "publisher", "indexedModelIdentifier",
]
INSTANCE = [*MODEL, "identifier", "instanceReference", "contextLength"]
DETAILS = ["cachedTokenCount", "totalPromptTokenCount", "processedPromptTokenCount", "unprocessedPromptTokenCount"]
STOPS = {
    "userStopped", "modelUnloaded", "failed", "eosFound", "stopStringFound", "toolCalls", "maxPredictedTokensReached",
    "contextLengthReached",
}
COUNTS = ["promptTokensCount", "predictedTokensCount", "totalTokensCount"]


def nulls(value):
    if isinstance(value, dict):
        for key, member in value.items():
            if member is None and key not in NULLABLE:
                yield key
            yield from nulls(member)
    elif isinstance(value, list):
        for element in value:
            yield from nulls(element)


def lacking(value, keys, name):
    return [f"{name} lacks {key}" for key in keys if not isinstance(value, dict) or value.get(key) is None]


def info(value, keys, name):
    found = lacking(value, keys, name)
    if keys is INSTANCE and not found:
        found += [f"{name} lacks {key}, which may be null" for key in NULLABLE if key not in value]
        integers = ["sizeBytes", "maxContextLength", "contextLength"]
        found += [f"{key} is no integer" for key in integers if not isinstance(value[key], int)]
    return found


def problems(frame):
    """What is wrong with a frame of the server's."""
    found = [f"{key} is null" for key in nulls(frame)]
    kind, message = frame.get("type"), frame.get("message")
    if kind in ("channelError", "rpcError"):
        found += lacking(frame.get("error"), ["title", "rootTitle"], "error")
    if kind in ("channelSend", "channelClose", "channelError"):
        found += lacking(frame, ["channelId"], kind)
    if kind in ("rpcResult", "rpcError"):
        found += lacking(frame, ["callId"], kind)
    if message is None:
        return found
    kind = message["type"]
    if kind == "fragment":
        keys = ["content", "tokensCount", "containsDrafted", "reasoningType", "isStructural"]
        found += lacking(message["fragment"], keys, kind)
    elif kind == "promptProcessingProgress":
        found += lacking(message, ["progress"], kind) + lacking(message.get("details"), DETAILS, "details")
    elif kind == "toolCallGenerationEnd":
        found += lacking(message["toolCallRequest"], ["type", "name", "id", "arguments"], kind)
        if not isinstance(message["toolCallRequest"].get("arguments"), dict):
            found.append("arguments are no object")
    elif kind == "success" and "stats" in message:
        found += lacking(message, ["stats", "modelInfo", "loadModelConfig", "predictionConfig"], kind)
        found += info(message["modelInfo"], INSTANCE, "modelInfo")
        for key in ("loadModelConfig", "predictionConfig"):
            if not isinstance(message[key].get("fields"), list):
                found.append(f"{key} has no fields")
        stats = message["stats"]
        if stats.get("stopReason") not in STOPS:
            found.append(f"stopReason {stats.get('stopReason')}")
        found += [f"{key} is no integer" for key in COUNTS if not isinstance(stats.get(key), int)]
    elif kind in ("success", "loadSuccess", "alreadyLoaded"):
        found += info(message.get("info"), INSTANCE, kind)
    elif kind in ("startLoading", "resolved"):
        found += info(message.get("info"), MODEL, kind)
    elif kind not in (
        "loadProgress", "progress", "toolCallGenerationStart", "toolCallGenerationNameReceived",
        "toolCallGenerationArgumentFragmentGenerated", "toolCallGenerationFailed",
    ):
        found.append(f"an unknown message {kind}")
    return found
