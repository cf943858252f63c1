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
    #expect(!systemMessage(ENOENT).isEmpty && "\(SystemError(code: ENOENT))" == systemMessage(ENOENT))
  }

  @Test func whatIsNoFileIsNamed() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    try folder.write([1], to: "file")
    #expect(specialFileKind(folder.path) == "a folder" && specialFileKind("/dev/null") == "a device")
    #expect(specialFileKind(folder.path + "/file") == nil && specialFileKind("/no/such/file") == nil)
  }

  @Test func foldersAreMadeForTheirOwner() throws {
    let folder = try TemporaryFolder()
    defer { folder.remove() }
    let path = folder.path + "/new/deep"
    defer {
      _ = rmdir(path)
      _ = rmdir(folder.path + "/new")
    }
    for _ in 0..<2 { try makePrivateFolder(path) }
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o700)
    #expect { try makePrivateFolder("/dev/null/x") } throws: { ($0 as? SystemError)?.code == ENOTDIR }
  }
}
