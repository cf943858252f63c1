/// How a tensor's weights are stored: the types of ggml, with the numbers that GGUF files use for them.
///
/// Weights come in blocks, of which a row holds a whole number; types without shared scales have blocks
/// of one. Sizes are those of ggml's `ggml-common.h`. (gguf-py has 40 bytes for Q8_1, from before its
/// two scales became float16; no file holds that type.)
public enum GGUFTensorType: UInt32, CaseIterable, Sendable {
  case f32 = 0
  case f16 = 1
  case q4_0 = 2
  case q4_1 = 3
  case q5_0 = 6
  case q5_1 = 7
  case q8_0 = 8
  case q8_1 = 9
  case q2_K = 10
  case q3_K = 11
  case q4_K = 12
  case q5_K = 13
  case q6_K = 14
  case q8_K = 15
  case iq2_XXS = 16
  case iq2_XS = 17
  case iq3_XXS = 18
  case iq1_S = 19
  case iq4_NL = 20
  case iq3_S = 21
  case iq2_S = 22
  case iq4_XS = 23
  case i8 = 24
  case i16 = 25
  case i32 = 26
  case i64 = 27
  case f64 = 28
  case iq1_M = 29
  case bf16 = 30
  case tq1_0 = 34
  case tq2_0 = 35
  case mxfp4 = 39
  case nvfp4 = 40
  case q1_0 = 41
  case q2_0 = 42

  /// The name in capitals as ggml writes it, such as `Q4_K`.
  public var name: String { layout.name }

  /// The number of weights that are stored together.
  public var weightsPerBlock: Int { layout.weights }

  /// The size of a block.
  public var bytesPerBlock: Int { layout.bytes }

  private var layout: (name: String, weights: Int, bytes: Int) {
    switch self {
    case .f32: ("F32", 1, 4)
    case .f16: ("F16", 1, 2)
    case .q4_0: ("Q4_0", 32, 18)
    case .q4_1: ("Q4_1", 32, 20)
    case .q5_0: ("Q5_0", 32, 22)
    case .q5_1: ("Q5_1", 32, 24)
    case .q8_0: ("Q8_0", 32, 34)
    case .q8_1: ("Q8_1", 32, 36)
    case .q2_K: ("Q2_K", 256, 84)
    case .q3_K: ("Q3_K", 256, 110)
    case .q4_K: ("Q4_K", 256, 144)
    case .q5_K: ("Q5_K", 256, 176)
    case .q6_K: ("Q6_K", 256, 210)
    case .q8_K: ("Q8_K", 256, 292)
    case .iq2_XXS: ("IQ2_XXS", 256, 66)
    case .iq2_XS: ("IQ2_XS", 256, 74)
    case .iq3_XXS: ("IQ3_XXS", 256, 98)
    case .iq1_S: ("IQ1_S", 256, 50)
    case .iq4_NL: ("IQ4_NL", 32, 18)
    case .iq3_S: ("IQ3_S", 256, 110)
    case .iq2_S: ("IQ2_S", 256, 82)
    case .iq4_XS: ("IQ4_XS", 256, 136)
    case .i8: ("I8", 1, 1)
    case .i16: ("I16", 1, 2)
    case .i32: ("I32", 1, 4)
    case .i64: ("I64", 1, 8)
    case .f64: ("F64", 1, 8)
    case .iq1_M: ("IQ1_M", 256, 56)
    case .bf16: ("BF16", 1, 2)
    case .tq1_0: ("TQ1_0", 256, 54)
    case .tq2_0: ("TQ2_0", 256, 66)
    case .mxfp4: ("MXFP4", 32, 17)
    case .nvfp4: ("NVFP4", 64, 36)
    case .q1_0: ("Q1_0", 128, 18)
    case .q2_0: ("Q2_0", 64, 18)
    }
  }

  /// Numbers that ggml has given up; Ollama uses the first for its own MXFP4.
  static let removed: [UInt32: String] = [
    4: "Q4_2",
    5: "Q4_3",
    31: "Q4_0_4_4",
    32: "Q4_0_4_8",
    33: "Q4_0_8_8",
    36: "IQ4_NL_4_4",
    37: "IQ4_NL_4_8",
    38: "IQ4_NL_8_8",
  ]

  /// The type of a number in a file.
  init(id: UInt32) throws(GGUFError.Reason) {
    if let type = GGUFTensorType(rawValue: id) {
      self = type
    } else if let name = Self.removed[id] {
      throw .removedTensorType(id, name: name)
    } else {
      throw .unknownTensorType(id)
    }
  }
}

// MARK: - Sizes

extension GGUFTensorType {
  /// ggml's limit on the number of dimensions.
  static let maximumDimensionCount = 4

  /// The size of a tensor: weights / weightsPerBlock · bytesPerBlock, every step checked.
  ///
  /// The dimensions come as in the file, the length of a row first.
  func byteCount(of dimensions: [Int]) throws(GGUFError.Reason) -> Int {
    guard dimensions.count <= Self.maximumDimensionCount else {
      throw .tooManyDimensions(UInt32(clamping: dimensions.count))
    }
    var weights = 1
    for dimension in dimensions {
      guard dimension > 0 else { throw .invalidDimension(UInt64(bitPattern: Int64(dimension))) }
      let (product, overflow) = weights.multipliedReportingOverflow(by: dimension)
      guard !overflow else { throw .sizeOverflow(dimensions: dimensions) }
      weights = product
    }
    let rowLength = dimensions.first ?? 1
    guard rowLength.isMultiple(of: weightsPerBlock) else {
      throw .partialBlock(rowLength: rowLength, weightsPerBlock: weightsPerBlock)
    }
    let (bytes, overflow) = (weights / weightsPerBlock).multipliedReportingOverflow(by: bytesPerBlock)
    guard !overflow else { throw .sizeOverflow(dimensions: dimensions) }
    return bytes
  }
}
