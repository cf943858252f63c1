/// Whether a model is on this machine.
public enum ModelState: Sendable, Hashable {
  /// It is not.
  case absent
  /// Some of it has arrived; `isDownloading` says whether a process is at it now.
  case partial(arrivedByteCount: Int, isDownloading: Bool)
  /// It is there, and cannot be opened.
  case broken(ModelFault)
  /// It is there.
  case available(LibraryModel)
}

extension ModelLibrary {
  /// Whether the model of a name is here.
  ///
  /// - Throws: `ModelLibraryError.ambiguous` for a short name of different models.
  public func state(of name: String) throws(ModelLibraryError) -> ModelState {
    let fault: ModelFault
    let path: String
    do { return .available(try model(named: name)) } catch {
      switch error {
      case .notFound: return .absent
      case .broken(_, let brokenPath, let reason): (path, fault) = (brokenPath, reason)
      default: throw error
      }
    }
    guard path.hasSuffix(PartialFile.suffix) else { return .broken(fault) }
    return .partial(
      arrivedByteCount: PartialFile.arrivedByteCount(path), isDownloading: PartialFile.isLocked(path))
  }
}
