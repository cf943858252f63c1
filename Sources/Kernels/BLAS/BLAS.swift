#if canImport(Accelerate)
  import Accelerate
#else
  import GPTOSSCOpenBLAS
#endif

/// The one place that calls a BLAS library: OpenBLAS on Linux, Accelerate on Apple platforms.
enum BLAS {
  /// Keeps OpenBLAS from starting threads of its own: tiles are spread over ours. (Accelerate is told by each
  /// thread that calls it.)
  static func useOneThread() {
    #if !canImport(Accelerate)
      openblas_set_num_threads(1)
    #endif
  }

  /// `output = a · bᵀ`, all row by row: `a` `[m, inner]`, `b` `[n, inner]`, `output` `[m, n]`.
  ///
  /// A stride is the number of floats from one row to the next. Sizes fit in 32 bits: the launcher's
  /// batches and tiles are small.
  static func multiply(
    _ a: UnsafePointer<Float>, rows m: Int, stride aStride: Int,
    transposed b: UnsafePointer<Float>, rows n: Int, stride bStride: Int, inner: Int,
    output: UnsafeMutablePointer<Float>, stride outputStride: Int
  ) {
    #if canImport(Accelerate)
      BLASSetThreading(BLAS_THREADING_SINGLE_THREADED)
    #endif
    cblas_sgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(m), Int32(n), Int32(inner), 1, a, Int32(aStride), b,
      Int32(bStride), 0, output, Int32(outputStride))
  }
}
