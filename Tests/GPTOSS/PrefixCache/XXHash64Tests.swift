import GPTOSS
import Testing

/// The hash is the one that others compute: values of Python's xxhash 3.
struct XXHash64Tests {
  @Test(
    arguments: [
      ([], 0, 0xEF46_DB37_51D8_E999), ([], 7, 0x95F0_626F_6F0A_4409),
      (Array("a".utf8), 0, 0xD24E_C4F1_A98C_6E5B), (Array("abc".utf8), 7, 0x9E75_5206_1566_76D7),
      (Array("Nobody inspects the spammish repetition".utf8), 0, 0xFBCE_A83C_8A37_8BF1),
      (Array(0..<100), 0, 0x6AC1_E580_3216_6597), (Array(0..<100), 7, 0x8065_3E7E_9B88_7CDD),
    ] as [([UInt8], UInt64, UInt64)])
  func hash(_ bytes: [UInt8], _ seed: UInt64, _ expected: UInt64) {
    #expect(XXHash64.hash(bytes, seed: seed) == expected, "\(bytes.count) bytes, seed \(seed)")
  }
}
