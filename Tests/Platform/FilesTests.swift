import GPTOSSPlatform
import Testing

/// If these fail, vocabularies are read in part, or what the system tells is not found.
struct FilesTests {
  @Test(arguments: [0, 1, 4_095, 4_096, 4_097, 100_000])
  func aFileIsReadToItsEnd(byteCount: Int) throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let bytes = (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    try folder.write(bytes, to: "file")
    #expect(try readFile(folder.path + "/file") == bytes)
  }

  @Test func whatCannotBeReadIsAnErrorWithTheSystemsNumber() {
    #expect { try readFile("/no/such/file") } throws: { ($0 as? SystemError)?.code == ENOENT }
    #expect { try readFile("/") } throws: { ($0 as? SystemError)?.code == EISDIR }
    #expect(systemText("/no/such/file") == nil)
    #expect(!systemMessage(ENOENT).isEmpty)
  }
}
