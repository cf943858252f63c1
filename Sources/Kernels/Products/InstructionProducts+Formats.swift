/// A function for each pair of format and precision, so that each loop is compiled for its constants. (In one
/// function the optimizer stops inlining after two of them.) Compiled in the instruction set's module.
extension InstructionProducts {
  @inlinable @inline(never)
  package func multiplyRecords(
    _ product: ProductView, _ input: QuantizedRows, _ format: InterleavedFormat, rows: Range<Int>,
    scratch: RecordScratch
  ) {
    switch (format, input.precision) {
    case (.mxfp4, .precise): multiplyMXFP4Precise(product, input, rows: rows, scratch)
    case (.mxfp4, .fast): multiplyMXFP4Fast(product, input, rows: rows, scratch)
    case (.q8_0, .precise): multiplyQ8Precise(product, input, rows: rows, scratch)
    case (.q8_0, .fast): multiplyQ8Fast(product, input, rows: rows, scratch)
    case (.q5_0, .precise): multiplyQ5_0Precise(product, input, rows: rows, scratch)
    case (.q5_0, .fast): multiplyQ5_0Fast(product, input, rows: rows, scratch)
    case (.q5_1, .precise): multiplyQ5_1Precise(product, input, rows: rows, scratch)
    case (.q5_1, .fast): multiplyQ5_1Fast(product, input, rows: rows, scratch)
    case (.q4_K, .precise): multiplyQ4_KPrecise(product, input, rows: rows, scratch)
    case (.q4_K, .fast): multiplyQ4_KFast(product, input, rows: rows, scratch)
    case (.q5_K, .precise): multiplyQ5_KPrecise(product, input, rows: rows, scratch)
    case (.q5_K, .fast): multiplyQ5_KFast(product, input, rows: rows, scratch)
    case (.q6_K, .precise): multiplyQ6_KPrecise(product, input, rows: rows, scratch)
    case (.q6_K, .fast): multiplyQ6_KFast(product, input, rows: rows, scratch)
    }
  }

  @inlinable @inline(never)
  func multiplyMXFP4Precise(
    _ product: ProductView, _ input: QuantizedRows, rows: Range<Int>, _ scratch: RecordScratch
  ) {
    multiply(.mxfp4, .precise, product, input, rows: rows, scratch)
  }

  @inlinable @inline(never)
  func multiplyMXFP4Fast(
    _ product: ProductView, _ input: QuantizedRows, rows: Range<Int>, _ scratch: RecordScratch
  ) {
    multiply(.mxfp4, .fast, product, input, rows: rows, scratch)
  }

  @inlinable @inline(never)
  func multiplyQ8Precise(
    _ product: ProductView, _ input: QuantizedRows, rows: Range<Int>, _ scratch: RecordScratch
  ) {
    multiply(.q8_0, .precise, product, input, rows: rows, scratch)
  }

  @inlinable @inline(never)
  func multiplyQ8Fast(
    _ product: ProductView, _ input: QuantizedRows, rows: Range<Int>, _ scratch: RecordScratch
  ) {
    multiply(.q8_0, .fast, product, input, rows: rows, scratch)
  }

  @inlinable @inline(never)
  func multiplyQ5_0Precise(
    _ product: ProductView, _ input: QuantizedRows, rows: Range<Int>, _ scratch: RecordScratch
  ) {
    multiply(.q5_0, .precise, product, input, rows: rows, scratch)
  }

  @inlinable @inline(never)
  func multiplyQ5_0Fast(
    _ product: ProductView, _ input: QuantizedRows, rows: Range<Int>, _ scratch: RecordScratch
  ) {
    multiply(.q5_0, .fast, product, input, rows: rows, scratch)
  }

  @inlinable @inline(never)
  func multiplyQ5_1Precise(
    _ product: ProductView, _ input: QuantizedRows, rows: Range<Int>, _ scratch: RecordScratch
  ) {
    multiply(.q5_1, .precise, product, input, rows: rows, scratch)
  }

  @inlinable @inline(never)
  func multiplyQ5_1Fast(
    _ product: ProductView, _ input: QuantizedRows, rows: Range<Int>, _ scratch: RecordScratch
  ) {
    multiply(.q5_1, .fast, product, input, rows: rows, scratch)
  }

  @inlinable @inline(never)
  func multiplyQ4_KPrecise(
    _ product: ProductView, _ input: QuantizedRows, rows: Range<Int>, _ scratch: RecordScratch
  ) {
    multiply(.q4_K, .precise, product, input, rows: rows, scratch)
  }

  @inlinable @inline(never)
  func multiplyQ4_KFast(
    _ product: ProductView, _ input: QuantizedRows, rows: Range<Int>, _ scratch: RecordScratch
  ) {
    multiply(.q4_K, .fast, product, input, rows: rows, scratch)
  }

  @inlinable @inline(never)
  func multiplyQ5_KPrecise(
    _ product: ProductView, _ input: QuantizedRows, rows: Range<Int>, _ scratch: RecordScratch
  ) {
    multiply(.q5_K, .precise, product, input, rows: rows, scratch)
  }

  @inlinable @inline(never)
  func multiplyQ5_KFast(
    _ product: ProductView, _ input: QuantizedRows, rows: Range<Int>, _ scratch: RecordScratch
  ) {
    multiply(.q5_K, .fast, product, input, rows: rows, scratch)
  }

  @inlinable @inline(never)
  func multiplyQ6_KPrecise(
    _ product: ProductView, _ input: QuantizedRows, rows: Range<Int>, _ scratch: RecordScratch
  ) {
    multiply(.q6_K, .precise, product, input, rows: rows, scratch)
  }

  @inlinable @inline(never)
  func multiplyQ6_KFast(
    _ product: ProductView, _ input: QuantizedRows, rows: Range<Int>, _ scratch: RecordScratch
  ) {
    multiply(.q6_K, .fast, product, input, rows: rows, scratch)
  }
}
