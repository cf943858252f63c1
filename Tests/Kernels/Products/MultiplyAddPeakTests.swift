import GPTOSSBlockFormats
import GPTOSSKernels
import Testing

/// The arithmetic's peak is a rate that this CPU can have, and integers' is of the kernels that have them.
struct MultiplyAddPeakTests {
  /// From a scalar loop on an old CPU to thousands of 8-bit multiply-adds per nanosecond on all of many cores.
  @Test(arguments: TestedKernels.here, [Precision.precise, .fast])
  func rates(_ name: TestedKernels, _ precision: Precision) {
    for format in [BlockFormat.mxfp4, .q8_0, .q5_0, .q5_1, .q4_K, .q6_K, .f32] {
      let rate = name.kernels.multiplyAddsPerSecond(format: format, precision: precision, threadCount: 1)
      #expect(rate > 1e7 && rate < 1e14, "\(name), \(format), \(precision): \(rate)")
    }
  }

  @Test(arguments: TestedKernels.here)
  func innerFormats(_ name: TestedKernels) {
    let kernels = name.kernels
    let integers = kernels.products.layout(for: .mxfp4) == .interleaved16
    for isResident in [true, false] {
      #expect(kernels.innerFormat(of: .mxfp4, isResident: isResident) == (integers ? .mxfp4 : .f32))
      #expect(kernels.innerFormat(of: .q8_0, isResident: isResident) == (integers ? .q8_0 : .f32))
      #expect(kernels.innerFormat(of: .q5_0, isResident: isResident) == (integers ? .q5_0 : .f32))
      #expect(kernels.innerFormat(of: .bf16, isResident: isResident) == .f32)
    }
    // Repacked at load, where there is a load.
    #expect(kernels.innerFormat(of: .q4_0, isResident: true) == (integers ? .q8_0 : .f32))
    #expect(kernels.innerFormat(of: .q4_0, isResident: false) == .f32)
  }
}
