#if canImport(FoundationEssentials)
  public import protocol FoundationEssentials.LocalizedError
#else
  public import protocol Foundation.LocalizedError
#endif

/// What a block format refuses.
public enum BlockFormatError: Error {
  /// A weight that the format has no value for: infinity, NaN, or a magnitude whose scale overflows.
  ///
  /// `index` counts from the first weight given to the encoder.
  case unencodable(weight: Float, index: Int, format: BlockFormat)
}

extension BlockFormatError: CustomStringConvertible {
  /// One line that names the format, the weight and where it stands.
  public var description: String {
    switch self {
    case .unencodable(let weight, let index, let format):
      "\(format.name) cannot represent weight \(index), which is \(weight)"
    }
  }
}

extension BlockFormatError: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}
