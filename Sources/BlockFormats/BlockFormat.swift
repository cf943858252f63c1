/// The storage formats of weights that this library reads.
///
/// A case stands for a type that has the format's layout and its loops; the table below pairs them.
public enum BlockFormat: String, CaseIterable, Sendable {
  case f32, f16, bf16
  case mxfp4
  case q8_0
  case q4_0, q4_1, q5_0, q5_1
  case q2_K, q3_K, q4_K, q5_K, q6_K
  case iq4_NL, iq4_XS

  /// The type that has this format's layout and loops.
  public var decoder: any BlockDecoding.Type {
    switch self {
    case .f32: F32.self
    case .f16: F16.self
    case .bf16: BF16.self
    case .mxfp4: MXFP4.self
    case .q8_0: Q8_0.self
    case .q4_0: Q4_0.self
    case .q4_1: Q4_1.self
    case .q5_0: Q5_0.self
    case .q5_1: Q5_1.self
    case .q2_K: Q2_K.self
    case .q3_K: Q3_K.self
    case .q4_K: Q4_K.self
    case .q5_K: Q5_K.self
    case .q6_K: Q6_K.self
    case .iq4_NL: IQ4_NL.self
    case .iq4_XS: IQ4_XS.self
    }
  }

  /// The same type where it also writes: F16, BF16, MXFP4 and Q8_0.
  public var encoder: (any BlockEncoding.Type)? { decoder as? any BlockEncoding.Type }

  /// The format with this number in ggml's list of tensor types; nil for those that we do not read.
  public init?(ggmlTypeID: UInt32) {
    guard let format = Self.allCases.first(where: { $0.ggmlTypeID == ggmlTypeID }) else { return nil }
    self = format
  }

  /// The format's number in ggml's list of tensor types, as it stands in GGUF files.
  public var ggmlTypeID: UInt32 { decoder.layout.ggmlTypeID }

  /// The format's name as ggml writes it: `MXFP4`, `Q4_K`.
  public var name: String { rawValue.uppercased() }

  /// How many weights share a block.
  public var weightsPerBlock: Int { decoder.weightsPerBlock }

  /// How many bytes a block takes.
  public var bytesPerBlock: Int { decoder.bytesPerBlock }

  /// Decodes whole blocks, one after the other.
  ///
  /// - Parameters:
  ///   - blocks: `[blockCount · bytesPerBlock]` bytes as they stand in the file.
  ///   - weights: receives `[blockCount · weightsPerBlock]` values in order.
  /// - Precondition: both are whole blocks, and equally many.
  /// - Complexity: O(weights), without allocation.
  public func decode(_ blocks: RawSpan, into weights: consuming MutableSpan<Float>) {
    decoder.decode(blocks, into: weights)
  }
}
