public import Foundation
public import GGUF
public import GPTOSSModel
import GPTOSSPlatform

/// Why a model that is there does not run here.
public enum ModelFault: Error, Sendable, Hashable {
  /// Parts of a split model that are not there, by their file names.
  case missingParts([String])
  /// A download that has not ended.
  case unfinished
  /// A link to a file that is gone.
  case danglingLink(target: String)
  /// The system refuses to read it, in its own words.
  case unreadable(reason: String)
  /// The file cannot be read as GGUF.
  case file(GGUFError)
  /// The model cannot be run.
  case model(ModelError)
}

extension ModelFault: CustomStringConvertible {
  /// What is wrong and, where something can be done, what.
  public var description: String {
    switch self {
    case .missingParts(let names):
      "\(names.joined(separator: ", ").inert) \(names.count == 1 ? "is" : "are") missing; get the model again"
    case .unfinished: "its download has not ended; get it again, and what has arrived is kept"
    case .danglingLink(let target): "it is a link to \(target.inert), which is gone; get the model again"
    case .unreadable(let reason): "it cannot be read: \(reason)"
    case .file(let error): "\(error.reason)"
    case .model(.file(let error)): "\(error.reason)"
    case .model(let error): "\(error)"
    }
  }
}

extension ModelFault: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}
