import GGUF
import GPTOSSMeasurement
import GPTOSSModel
import Testing

/// What a token reads.
struct MemoryTrafficTests {
  /// Added up by hand from the dimensions. Q8_0 takes 34 bytes for 32 weights, MXFP4 17, float32 4 for one.
  @Test func bytesPerToken() throws {
    let file = try GGUFFile(path: TinyModel.path)
    let attention = (64 * 128 + 2 * 64 * 64 + 128 * 64) * 34 / 32
    let small = (2 * 64 + 128 + 3 * 64 + 4 + 64 * 4 + 4) * 4
    let twoExperts = 2 * (3 * 64 * 64 * 17 / 32 + 3 * 64 * 4)
    let ends = 64 * 34 / 32 + 64 * 4 + 352 * 64 * 34 / 32
    #expect(
      file.bytesPerToken(try Configuration(file.metadata)) == 2 * (attention + small + twoExperts) + ends)
  }

  /// Of 4 experts a token reads 2, two tokens 3, three 3.5: what the others have chosen already is not read
  /// again.
  @Test func severalTokensShareExperts() throws {
    let file = try GGUFFile(path: TinyModel.path)
    let traffic = PassTraffic(file, try Configuration(file.metadata))
    let expert = Double(2 * (3 * 64 * 64 * 17 / 32 + 3 * 64 * 4))
    let one = traffic.byteCount(tokenCount: 1)
    #expect(traffic.byteCount(tokenCount: 2) - one == expert)
    #expect(traffic.byteCount(tokenCount: 3) - one == 1.5 * expert)
  }
}
