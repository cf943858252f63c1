public import GGUF
import GPTOSSPlatform

#if canImport(FoundationEssentials)
  public import protocol FoundationEssentials.LocalizedError
#else
  public import protocol Foundation.LocalizedError
#endif

/// Why a synthetic model cannot be written.
public enum SynthesisError: Error, Sendable {
  /// The disk has fewer free bytes than the file needs.
  case diskTooSmall(path: String, needed: Int, available: Int)
  /// The folder in which the file is to be cannot be used; `errorNumber` is the system's `errno`.
  case unusableFolder(path: String, errorNumber: Int32)
  /// The file cannot be written.
  case file(GGUFError)
}

extension SynthesisError: CustomStringConvertible {
  /// One line that names the cause and the remedy.
  public var description: String { text.inert }

  private var text: String {
    switch self {
    case .diskTooSmall(let path, let needed, let available):
      "\(path) needs \(needed) bytes, but the disk has only \(available) free; "
        + "make room, or choose another folder or a smaller shape"
    case .unusableFolder(let path, let errorNumber):
      "cannot write into the folder of \(path): \(systemMessage(errorNumber)); check that it exists"
    case .file(let error): "\(error)"
    }
  }
}

extension SynthesisError: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}
