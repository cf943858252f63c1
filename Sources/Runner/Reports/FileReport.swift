import GGUF
import GPTOSS
import GPTOSSPlatform
import GPTOSSTerminal

/// What `inspect` says about a file, for people and for scripts.
struct FileReport {
  private let file: GGUFFile
  private let wholeArrays: Bool
  /// Why the model will not run; nil if it will.
  private let problem: GPTOSSError?

  init(_ file: GGUFFile, wholeArrays: Bool) {
    self.file = file
    self.wholeArrays = wholeArrays
    do {
      try file.checkModel()
      problem = nil
    } catch {
      problem = error
    }
  }

  /// `{"path", "version", "metadata", "tensors", "runs", "problem"}`.
  var json: JSONValue {
    [
      "path": .string(file.path), "version": JSONValue(file.version),
      "metadata": .object(file.metadataJSON(wholeArrays: wholeArrays)),
      "tensors": .array(file.tensors.map(\.json)), "runs": .bool(problem == nil),
      "problem": problem.map { .string("\($0)") } ?? .null,
    ]
  }

  /// Metadata, tensors, totals, and the verdict.
  var text: String {
    var text = "\(file.path.inert): GGUF version \(file.version), \(file.partPaths.count) part(s)\n\n"
    let keyWidth = file.metadata.map { $0.key.inert.count }.max() ?? 0
    for (key, value) in file.metadata {
      text += "\(key.inert.padded(to: keyWidth))  \(summary(of: value))\n"
    }
    let names = file.tensors.map(\.name.inert)
    let nameWidth = names.map(\.count).max() ?? 0
    text += "\ntensors, in columns × rows × experts\n"
    for (tensor, name) in zip(file.tensors, names) {
      let dimensions = tensor.dimensions.map(String.init).joined(separator: " × ")
      text += "\(name.padded(to: nameWidth))  \(tensor.type.name.padded(to: 7))  "
      text += "\(dimensions.padded(to: 18))  \(ByteCount(tensor.byteCount))\n"
    }
    text += "\n\(totals)\n"
    text += problem.map { "will not run: \($0)\n" } ?? "will run\n"
    return text
  }

  /// The counts, such as `459 tensors, 12.1 GB: 289 F32, 98 Q8_0, 72 MXFP4`.
  private var totals: String {
    var counts: [(type: String, count: Int)] = []
    for tensor in file.tensors {
      if let index = counts.firstIndex(where: { $0.type == tensor.type.name }) {
        counts[index].count += 1
      } else {
        counts.append((tensor.type.name, 1))
      }
    }
    let types = counts.map { "\($0.count) \($0.type)" }.joined(separator: ", ")
    let bytes = file.tensors.reduce(0) { $0 + $1.byteCount }
    return "\(file.tensors.count) tensors, \(ByteCount(bytes))" + (types.isEmpty ? "" : ": \(types)")
  }

  private func summary(of value: GGUFValue) -> String {
    switch value {
    case .string(let string): return string.description.inert
    case .array(let array) where array.isLong && !wholeArrays:
      let beginning = array.beginning.map { summary(of: $0) }.joined(separator: ", ")
      return "\(array.count) of \(array.elementType): \(beginning), …"
    case .array(let array): return "[\(array.map { summary(of: $0) }.joined(separator: ", "))]"
    default: return value.json(wholeArrays: wholeArrays).text
    }
  }
}

extension String {
  /// The text, with spaces behind it up to a width in characters.
  func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }

  /// The text without the spaces at its end, as a table's last column leaves them.
  var withoutTrailingSpaces: String {
    guard let last = lastIndex(where: { $0 != " " }) else { return "" }
    return String(self[...last])
  }
}
