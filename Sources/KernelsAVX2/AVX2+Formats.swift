package import GPTOSSKernels

/// A function for each format and loop, so that each is compiled for its constants. (In one function the
/// optimizer stops inlining after two of them.)
extension AVX2 {
  @inline(__always)
  package static func multiply(
    _ format: InterleavedFormat, _ precision: Precision, _ operands: RecordOperands
  ) {
    let isOne = operands.panel.tokenCount == 1
    switch (format, precision) {
    case (.q8_0, _): multiplyPairsQ8(operands)
    case (.q6_K, _): multiplyPairsQ6_K(operands)
    case (.mxfp4, .precise): isOne ? multiplyOnePreciseMXFP4(operands) : multiplyPairsMXFP4(operands)
    case (.mxfp4, .fast): isOne ? multiplyOneFastMXFP4(operands) : multiplyFastMXFP4(operands)
    case (.q5_0, .precise): isOne ? multiplyOnePreciseQ5_0(operands) : multiplyPairsQ5_0(operands)
    case (.q5_0, .fast): isOne ? multiplyOneFastQ5_0(operands) : multiplyFastQ5_0(operands)
    case (.q5_1, .precise): isOne ? multiplyOnePreciseQ5_1(operands) : multiplyPairsQ5_1(operands)
    case (.q5_1, .fast): isOne ? multiplyOneFastQ5_1(operands) : multiplyFastQ5_1(operands)
    case (.q4_K, .precise): isOne ? multiplyOnePreciseQ4_K(operands) : multiplyPairsQ4_K(operands)
    case (.q4_K, .fast): isOne ? multiplyOneFastQ4_K(operands) : multiplyFastQ4_K(operands)
    case (.q5_K, .precise): isOne ? multiplyOnePreciseQ5_K(operands) : multiplyPairsQ5_K(operands)
    case (.q5_K, .fast): isOne ? multiplyOneFastQ5_K(operands) : multiplyFastQ5_K(operands)
    }
  }

  @inline(never)
  private static func multiplyPairsQ8(_ operands: RecordOperands) { multiplyPairs(.q8_0, operands) }

  @inline(never)
  private static func multiplyPairsQ6_K(_ operands: RecordOperands) { multiplyPairs(.q6_K, operands) }

  @inline(never)
  private static func multiplyOnePreciseMXFP4(_ operands: RecordOperands) {
    multiplyOne(.mxfp4, .precise, operands)
  }

  @inline(never)
  private static func multiplyOneFastMXFP4(_ operands: RecordOperands) {
    multiplyOne(.mxfp4, .fast, operands)
  }

  @inline(never)
  private static func multiplyFastMXFP4(_ operands: RecordOperands) {
    multiplyPanel(.mxfp4, .fast, operands)
  }

  @inline(never)
  private static func multiplyPairsMXFP4(_ operands: RecordOperands) {
    multiplyPairs(.mxfp4, operands)
  }

  @inline(never)
  private static func multiplyOnePreciseQ5_0(_ operands: RecordOperands) {
    multiplyOne(.q5_0, .precise, operands)
  }

  @inline(never)
  private static func multiplyOneFastQ5_0(_ operands: RecordOperands) {
    multiplyOne(.q5_0, .fast, operands)
  }

  @inline(never)
  private static func multiplyFastQ5_0(_ operands: RecordOperands) {
    multiplyPanel(.q5_0, .fast, operands)
  }

  @inline(never)
  private static func multiplyPairsQ5_0(_ operands: RecordOperands) {
    multiplyPairs(.q5_0, operands)
  }

  @inline(never)
  private static func multiplyOnePreciseQ5_1(_ operands: RecordOperands) {
    multiplyOne(.q5_1, .precise, operands)
  }

  @inline(never)
  private static func multiplyOneFastQ5_1(_ operands: RecordOperands) {
    multiplyOne(.q5_1, .fast, operands)
  }

  @inline(never)
  private static func multiplyFastQ5_1(_ operands: RecordOperands) {
    multiplyPanel(.q5_1, .fast, operands)
  }

  @inline(never)
  private static func multiplyPairsQ5_1(_ operands: RecordOperands) {
    multiplyPairs(.q5_1, operands)
  }

  @inline(never)
  private static func multiplyOnePreciseQ4_K(_ operands: RecordOperands) {
    multiplyOne(.q4_K, .precise, operands)
  }

  @inline(never)
  private static func multiplyOneFastQ4_K(_ operands: RecordOperands) {
    multiplyOne(.q4_K, .fast, operands)
  }

  @inline(never)
  private static func multiplyFastQ4_K(_ operands: RecordOperands) {
    multiplyPanel(.q4_K, .fast, operands)
  }

  @inline(never)
  private static func multiplyPairsQ4_K(_ operands: RecordOperands) {
    multiplyPairs(.q4_K, operands)
  }

  @inline(never)
  private static func multiplyOnePreciseQ5_K(_ operands: RecordOperands) {
    multiplyOne(.q5_K, .precise, operands)
  }

  @inline(never)
  private static func multiplyOneFastQ5_K(_ operands: RecordOperands) {
    multiplyOne(.q5_K, .fast, operands)
  }

  @inline(never)
  private static func multiplyFastQ5_K(_ operands: RecordOperands) {
    multiplyPanel(.q5_K, .fast, operands)
  }

  @inline(never)
  private static func multiplyPairsQ5_K(_ operands: RecordOperands) {
    multiplyPairs(.q5_K, operands)
  }
}
