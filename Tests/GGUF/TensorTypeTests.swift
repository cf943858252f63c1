import GGUF
import Testing

/// If these fail, tensors are read with another type's block size, so at wrong places.
@Suite struct TensorTypeTests {
  /// Block sizes that a wrong row in the table would most easily hide; the whole table is compared with
  /// gguf-py's by Tests/Conformance/gguf_files.py.
  @Test(arguments: [
    (GGUFTensorType.f32, 0, "F32", 1, 4), (.q4_0, 2, "Q4_0", 32, 18), (.q8_0, 8, "Q8_0", 32, 34),
    (.q6_K, 14, "Q6_K", 256, 210), (.iq4_NL, 20, "IQ4_NL", 32, 18), (.bf16, 30, "BF16", 1, 2),
    (.mxfp4, 39, "MXFP4", 32, 17), (.nvfp4, 40, "NVFP4", 64, 36),
  ])
  func blocksAreThoseOfGGML(type: GGUFTensorType, id: UInt32, name: String, weights: Int, bytes: Int) {
    #expect(type.rawValue == id)
    #expect(type.name == name)
    #expect(type.weightsPerBlock == weights)
    #expect(type.bytesPerBlock == bytes)
  }

  @Test func everyNumberIsKnownRemovedOrNotYetUsed() throws {
    for id in 0...(GGUFTensorType.allCases.map(\.rawValue).max() ?? 0) {
      let error = try refusal(of: FileBuilder.sample.setting("norm type", to: UInt64(id)).bytes)
      switch id {
      case 4, 5, 31...33, 36...38:
        guard case .removedTensorType(id, _)? = error?.reason else {
          Issue.record("\(id): \(error.map(\.description) ?? "opened")")
          continue
        }
      default:
        #expect(GGUFTensorType(rawValue: id) != nil)
      }
    }
  }
}
