package import GPTOSSJSON
import GPTOSSPlatform

/// Why something cannot be done, in the form in which LM Studio's SDKs read it.
package struct SocketFault: Error, Equatable {
  /// One line: what is wrong, where, and what to do.
  package var title: String
  /// What programs tell kinds of faults by; nil for none.
  package var displayData: JSONValue?
  /// The HTTP status that the log has of it.
  package var status: Int

  package init(_ title: String, displayData: JSONValue? = nil, status: Int = 400) {
    self.title = title
    self.displayData = displayData
    self.status = status
  }

  /// The fault for an error of the service.
  package init(_ error: any Error) {
    if let fault = error as? SocketFault {
      self = fault
    } else {
      let error = ServerError(error)
      self.init("\(error)", status: error.status)
    }
  }

  /// Some messages show the `title`, others the `rootTitle`.
  package var json: JSONValue {
    let title = JSONValue.string(title.inert)
    let json: JSONValue = ["title": title, "rootTitle": title]
    return displayData.map { json.adding(["displayData": $0]) } ?? json
  }
}

extension SocketFault {
  /// What lists in errors have room for.
  private static let sampleCount = 10

  /// There is no such endpoint.
  static func unknownEndpoint(_ endpoint: String, in namespace: SocketNamespace) -> SocketFault {
    SocketFault(
      "This server has no \(endpoint.shortened(to: 64)) in \(namespace.rawValue); Docs/LMStudio.md lists what there is.",
      status: 404)
  }

  /// What this server does not do.
  static func unsupported(_ what: String) -> SocketFault { SocketFault(what, status: 501) }

  /// No model of this machine has the name.
  static func unknownPath(_ name: String, _ error: ServerError, among keys: [String]) -> SocketFault {
    let data: JSONValue = [
      "code": "generic.pathNotFound", "path": .string(name), "availablePathsSample": sample(keys),
      "totalModels": .integer(keys.count),
    ]
    return SocketFault("\(error)", displayData: data, status: error.status)
  }

  /// No loaded model fits.
  static func noMatch(_ query: JSONValue, among loaded: [String]) -> SocketFault {
    let wanted = query["identifier"]?.stringValue ?? query["path"]?.stringValue
    let data: JSONValue = [
      "code": "generic.noModelMatchingQuery", "query": query, "loadedModelsSample": sample(loaded),
      "totalLoadedModels": .integer(loaded.count),
    ]
    return SocketFault(
      (wanted.map { "No loaded model is called '\($0)'" } ?? "No model is loaded")
        + (loaded.isEmpty ? "." : "; loaded are \(loaded.prefix(sampleCount).joined(separator: ", "))."),
      displayData: data, status: 404)
  }

  /// No loaded model has the identifier.
  static func unknownIdentifier(_ identifier: String, among loaded: [String]) -> SocketFault {
    let data: JSONValue = [
      "code": "generic.identifierNotFound", "identifier": .string(identifier),
      "loadedModelsSample": sample(loaded), "totalLoadedModels": .integer(loaded.count),
    ]
    return SocketFault(
      "No loaded model is called '\(identifier)'; getting it again loads it.", displayData: data, status: 404)
  }

  /// The model of an instance reference is gone.
  static let unloaded = SocketFault(
    "The model has been unloaded; get it again to load it.",
    displayData: ["code": "generic.specificModelUnloaded"], status: 404)

  private static func sample(_ names: [String]) -> JSONValue {
    .array(names.prefix(sampleCount).map(JSONValue.string))
  }
}
