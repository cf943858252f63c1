public import Foundation
import GPTOSSPlatform

/// Why a model cannot be found, changed or downloaded.
public enum ModelLibraryError: Error, Sendable, Hashable {
  /// No model has this name; `download` is what could be downloaded for it, if it is a name of the Hub.
  case notFound(name: String, download: String?)
  /// Different models have this short name.
  case ambiguous(name: String, candidates: [String])
  /// The model of this name is there, and cannot be opened.
  case broken(name: String, path: String, ModelFault)
  /// A folder of models cannot be read, in the system's words.
  case unreadableFolder(path: String, reason: String)
  /// A folder of models holds names that are not UTF-8; `first` is one of them, other bytes written as `\xE9`.
  case unreadableNames(folder: String, first: String)
  /// The model belongs to another program, which has to remove it.
  case notOwn(name: String, path: String, ModelSource)
  /// The text is no name of a model.
  case invalidName(String)
  /// Something has the name of a file that is to be written.
  case exists(path: String)
  /// The model is being downloaded.
  case busy(path: String)
  /// The model cannot be downloaded.
  case download(name: String, DownloadFault)
  /// The system refuses to write, in its own words.
  case unwritable(path: String, reason: String)
}

extension ModelLibraryError: CustomStringConvertible {
  /// One line: what is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .notFound(let name, let download?):
      "there is no model \(name.quoted) on this machine; gptoss get \(download) downloads it"
    case .notFound(let name, nil):
      "there is no model \(name.quoted) on this machine; gptoss ls lists those that are here, "
        + "gptoss get OWNER/REPO downloads one"
    case .ambiguous(let name, let candidates):
      "\(name.quoted) can be \(candidates.map(\.inert).joined(separator: " or ")); give the longer name"
    case .broken(let name, let path, let fault):
      "\(name.inert)\(name == path ? "" : " (\(path.inert))"): \(fault)"
    case .unreadableFolder(let path, let reason):
      "\(path.inert) cannot be read: \(reason); its models are left out"
    case .unreadableNames(let folder, let first):
      "\(folder.inert) holds names that are not UTF-8, such as \(first.inert); rename them: what has them is "
        + "left out"
    case .notOwn(let name, let path, let source):
      "\(name.inert) is not in this program's folder but in that of \(source.rawValue): "
        + "remove it there (\(path.inert))"
    case .invalidName(let name):
      "\(name.quoted) is no name of a model; names are OWNER/REPO, OWNER/REPO:QUANT, OWNER/REPO/FILE.gguf, "
        + "and addresses of huggingface.co"
    case .exists(let path): "\(path.inert) exists already; remove it first, or choose another name"
    case .busy(let path):
      "\(path.inert) is being downloaded by another process; end that first"
    case .download(let name, let fault): "\(name.inert): \(fault)"
    case .unwritable(let path, let reason): "cannot write \(path.inert): \(reason)"
    }
  }
}

extension ModelLibraryError: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}
