/// What people open by mistake, told by its first bytes.
enum FileKind {
  private static let beginnings: [(bytes: [UInt8], kind: String)] = [
    (Array("version https://git-lfs".utf8), "a Git LFS pointer; the model itself was not fetched"),
    (Array("PK\u{3}\u{4}".utf8), "a zip archive or a PyTorch checkpoint"),
    (Array("lmgg".utf8), "a GGML file, the format before GGUF"),
    (Array("fmgg".utf8), "a GGMF file, the format before GGUF"),
    (Array("tjgg".utf8), "a GGJT file, the format before GGUF"),
    (Array("FUGG".utf8), "a GGUF file in reverse byte order"),
    (Array("<!DOCTYPE".utf8), "a web page"),
    (Array("<html".utf8), "a web page"),
    (Array("{".utf8), "JSON"),
    ([0x1F, 0x8B], "a gzip archive"),
  ]

  /// What the first bytes of a file look like; nil if they look like nothing known.
  static func guess(from start: some Collection<UInt8>) -> String? {
    if let known = beginnings.first(where: { start.starts(with: $0.bytes) }) {
      return known.kind
    }
    // safetensors: the length of a JSON object in eight bytes, then the object.
    let isSafetensors = start.count > 9 && start.dropFirst(8).starts(with: "{\"".utf8)
    return isSafetensors ? "a safetensors file" : nil
  }
}
