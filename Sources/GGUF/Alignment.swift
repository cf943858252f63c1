extension GGUFMetadata {
  /// The key of a part's alignment.
  static let alignmentKey = "general.alignment"

  /// What GGUF takes for granted if there is no `general.alignment`.
  static let defaultAlignment = 32

  /// The alignment that the metadata states for the file at `path`; nil if it states none.
  func alignment(in path: String) throws(GGUFError) -> Int? {
    let key = Self.alignmentKey
    guard let value = self[key] else { return nil }
    let reason: GGUFError.Reason
    if case .uint32(let alignment) = value {
      if alignment.nonzeroBitCount == 1 { return Int(alignment) }
      reason = .invalidAlignment(UInt64(alignment))
    } else {
      reason = .typeMismatch(expected: "uint32", actual: "\(value.type)")
    }
    throw GGUFError(path: path, place: .key(key), reason: reason)
  }
}

extension Int {
  /// The next multiple of a power of two; nil if there is none.
  func padded(to alignment: Int) -> Int? {
    let (sum, overflow) = addingReportingOverflow(alignment - 1)
    return overflow ? nil : sum & ~(alignment - 1)
  }
}
