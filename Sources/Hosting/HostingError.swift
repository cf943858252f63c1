public import Foundation
public import GPTOSS
public import GPTOSSModelLibrary
import GPTOSSPlatform

/// Why a model cannot be used, loaded or unloaded.
public enum HostingError: Error, Sendable {
  /// No model, or no single one, has the name.
  case library(ModelLibraryError)
  /// The model is there and does not run here.
  case unusable(name: String, ModelFault)
  /// The model could not be loaded.
  case loading(name: String, GPTOSSError)
  /// With what is loaded and does not make room, the model needs more than the limit.
  case notEnoughMemory(name: String, needed: Int, missing: Int, limit: Int)
  /// No loaded model has the identifier.
  case notLoaded(identifier: String, loaded: [String])
  /// Another loaded model has the identifier.
  case identifierTaken(String)
  /// A text that cannot be an identifier.
  case invalidIdentifier(String)
}

extension HostingError: CustomStringConvertible {
  /// One line: what is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .library(let error): "\(error)"
    case .unusable(let name, let fault): "\(name.inert): \(fault)"
    case .loading(let name, let error): "\(name.inert) cannot be loaded: \(error)"
    case .notEnoughMemory(let name, let needed, let missing, let limit):
      "\(name.inert) needs \(megabytes(needed)) of memory, \(megabytes(missing)) more than is left of "
        + "\(megabytes(limit)); unload another model, or load it with a shorter context"
    case .notLoaded(let identifier, let loaded):
      "no loaded model is called \(identifier.inert)"
        + (loaded.isEmpty
          ? "; none is loaded"
          : "; loaded are \(loaded.map(\.inert).joined(separator: ", "))")
    case .identifierTaken(let identifier):
      "a loaded model is called \(identifier.inert) already; unload it, or choose another identifier"
    case .invalidIdentifier(let identifier):
      "\(identifier.inert) is no identifier; it has 1 to 200 printable characters and does not begin "
        + "with / or ."
    }
  }
}

/// Such as `1,234 MB`, rounded up, so that nothing is said to fit that does not.
private func megabytes(_ byteCount: Int) -> String {
  let count = (byteCount + 999_999) / 1_000_000
  var digits = String(count)
  var position = digits.count - 3
  while position > 0 {
    digits.insert(",", at: digits.index(digits.startIndex, offsetBy: position))
    position -= 3
  }
  return digits + " MB"
}

extension HostingError: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}
