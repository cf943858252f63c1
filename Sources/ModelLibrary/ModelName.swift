/// A name of a model on Hugging Face's Hub: a repository, and which of its files.
///
///     OWNER/REPO
///     OWNER/REPO:QUANT
///     OWNER/REPO/FILE.gguf
///     https://huggingface.co/OWNER/REPO      and its pages: /tree/main, /blob/main/FILE.gguf, /resolve/…
package struct ModelName: Hashable, Sendable {
  package var owner: String
  package var repository: String
  package var choice: Choice = .any

  /// Which file of a repository.
  package enum Choice: Hashable, Sendable {
    /// The best.
    case any
    /// The one whose weights are stored like this.
    case quantization(String)
    /// The one of this path in the repository.
    case file(String)
  }

  /// Reads a name; nil if it is none.
  package init?(_ text: String, endpointHosts: [String] = ["huggingface.co", "www.huggingface.co", "hf.co"]) {
    var path = text[...]
    var isAddress = false
    for scheme in ["https://", "http://"] where path.hasPrefix(scheme) {
      path = path.dropFirst(scheme.count)
      isAddress = true
    }
    if let host = endpointHosts.first(where: { path.lowercased().hasPrefix("\($0)/") }) {
      path = path.dropFirst(host.count + 1)
      isAddress = true
    } else if isAddress {
      return nil
    }
    if let end = path.firstIndex(where: { "?#".contains($0) }) { path = path[..<end] }
    var parts = path.split(separator: "/", omittingEmptySubsequences: !isAddress ? false : true)[...]
    guard let owner = parts.popFirst(), let last = parts.popFirst() else { return nil }
    let name = last.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    // A page of the repository: its kind and revision come before the file's path.
    if isAddress, let kind = parts.first, ["tree", "blob", "resolve"].contains(kind) {
      parts = parts.dropFirst(2)
      if kind == "tree" { parts = [] }
    }
    self.owner = String(owner)
    repository = String(name[0])
    if name.count == 2 {
      guard parts.isEmpty, Self.isRepositoryPart(name[1]) else { return nil }
      choice = .quantization(String(name[1]))
    } else if !parts.isEmpty {
      guard parts.allSatisfy(Self.isSafe), path.lowercased().hasSuffix(".gguf") else { return nil }
      choice = .file(parts.joined(separator: "/"))
    }
    guard Self.isRepositoryPart(self.owner), Self.isRepositoryPart(repository) else { return nil }
  }

  init(_ owner: String, _ repository: String, _ choice: Choice) {
    self.owner = owner
    self.repository = repository
    self.choice = choice
  }

  /// Whether the file that is meant can be one whose weights are stored like this.
  func allows(quantization: String) -> Bool {
    switch choice {
    case .any: Self.isRepositoryPart(quantization)
    case .quantization(let own): own.lowercased() == quantization.lowercased()
    case .file(let path):
      Self.isStem(Self.stem(ofFile: path.split(separator: "/").last ?? "").stem, of: quantization)
    }
  }

  /// Whether a word can be an owner's or a repository's name: what the Hub allows, which is also safe as the
  /// name of a folder. Quantizations are held to the same.
  static func isRepositoryPart(_ word: some StringProtocol) -> Bool {
    (1...96).contains(word.utf8.count) && isSafe(word)
      && word.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
          true
        default: false
        }
      }
  }

  /// The longest name of a file that can be downloaded: file systems allow 255 bytes, and what is noted of a
  /// download has the name with `.partial.json.new` behind it.
  static let fileByteLimit = 255 - (PartialFile.note(PartialFile.suffix) + ".new").utf8.count

  /// Whether a part of a path stays where it is put.
  static func isSafe(_ part: some StringProtocol) -> Bool {
    !part.isEmpty && !part.hasPrefix(".")
      && part.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F && $0 != UInt8(ascii: "/") }
  }
}

extension ModelName: CustomStringConvertible {
  /// The name as it is typed.
  package var description: String {
    switch choice {
    case .any: "\(owner)/\(repository)"
    case .quantization(let name): "\(owner)/\(repository):\(name)"
    case .file(let path): "\(owner)/\(repository)/\(path)"
    }
  }
}

// MARK: - Names of files

extension ModelName {
  /// The name of a file without `.gguf`, and the number of the part if it is one of several, counted from 1.
  package static func stem(ofFile name: some StringProtocol) -> (
    stem: String, part: (number: Int, count: Int)?
  ) {
    let isGGUF = name.lowercased().hasSuffix(".gguf")
    let stem = String(isGGUF ? name.dropLast(5) : name[...])
    // NAME-00001-of-00003
    let words = stem.split(separator: "-", omittingEmptySubsequences: false).suffix(3)
    guard words.count == 3, let number = words.first, let count = words.last,
      words.dropFirst().first == "of", number.utf8.count == 5, count.utf8.count == 5,
      let number = Int(number), let count = Int(count), number >= 1, number <= count
    else { return (stem, nil) }
    return (String(stem.dropLast("-00001-of-00001".count)), (number, count))
  }

  /// The name of a part of a split model.
  static func partName(stem: String, _ number: Int, of count: Int) -> String {
    func five(_ number: Int) -> String {
      let digits = String(number)
      return String(repeating: "0", count: max(0, 5 - digits.count)) + digits
    }
    return "\(stem)-\(five(number))-of-\(five(count)).gguf"
  }

  /// How the weights of a file of this name are stored, in capitals; nil if the name does not say.
  package static func quantization(ofStem stem: String) -> String? {
    let words = stem.uppercased().split(whereSeparator: { "-.".contains($0) })
    guard let last = words.last else { return nil }
    let isQuantization =
      last.hasPrefix("MXFP4") || last == "F16" || last == "BF16" || last == "F32"
      || last.drop(while: { $0 == "I" || $0 == "T" }).hasPrefix("Q") && last.contains(where: \.isNumber)
    guard isQuantization else { return nil }
    // Unsloth's mixtures.
    return words.dropLast().last == "UD" ? "UD-\(last)" : String(last)
  }

  /// Whether a file of this name has weights that are stored like this.
  static func isStem(_ stem: String, of quantization: String) -> Bool {
    let (stem, wanted) = (stem.lowercased(), quantization.lowercased())
    return self.quantization(ofStem: stem)?.lowercased() == wanted
      || ["-", ".", "_"].contains { stem.hasSuffix($0 + wanted) }
  }

  /// Which of several files of a repository stands for it: gpt-oss's own format first, then what most people
  /// take, then the first by name.
  package static func preferred<File>(_ files: [File], stem: (File) -> String) -> File? {
    // A projector of images or the like is no model.
    let models = files.filter { !stem($0).lowercased().hasPrefix("mmproj") }
    for quantization in ["MXFP4", "Q4_K_M", "Q8_0"] {
      if let file = models.first(where: { isStem(stem($0), of: quantization) }) { return file }
    }
    return (models.isEmpty ? files : models).min { stem($0) < stem($1) }
  }
}
