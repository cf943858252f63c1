import GGUF
import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON

/// What `inspect` says about a file, for people and for scripts.
struct FileReport {
  private let file: GGUFFile
  private let wholeArrays: Bool
  /// Why the model will not run; nil if it will.
  private let problem: GPTOSSError?

  /// Arrays up to this length are always printed in full.
  private static let shortArray = 16
  /// How many elements of a longer one are shown.
  private static let shownElements = 4

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
}

// MARK: - For scripts

extension FileReport {
  /// `{"path", "version", "metadata", "tensors", "runs", "problem"}`.
  ///
  /// A long array stands as `{"type", "count", "first"}` unless whole arrays are asked for.
  var json: JSONValue {
    [
      "path": .string(file.path), "version": JSONValue(file.version), "metadata": .object(metadata),
      "tensors": .array(file.tensors.map(\.json)), "runs": .bool(problem == nil),
      "problem": problem.map { .string("\($0)") } ?? .null,
    ]
  }

  private var metadata: JSONObject {
    JSONObject(file.metadata.map { (key: $0.key, value: json(of: $0.value)) })
  }

  private func json(of value: GGUFValue) -> JSONValue {
    switch value {
    case .uint8(let number): JSONValue(number)
    case .int8(let number): JSONValue(number)
    case .uint16(let number): JSONValue(number)
    case .int16(let number): JSONValue(number)
    case .uint32(let number): JSONValue(number)
    case .int32(let number): JSONValue(number)
    case .uint64(let number): JSONValue(number)
    case .int64(let number): JSONValue(number)
    case .float32(let number): JSONValue(decimal: number)
    case .float64(let number): JSONValue(decimal: number)
    case .bool(let truth): .bool(truth)
    case .string(let string): .string(string.description)
    case .array(let array) where wholeArrays || array.count <= Self.shortArray: .array(array.map(json))
    case .array(let array):
      [
        "type": .string("\(array.elementType)"), "count": JSONValue(array.count),
        "first": .array(array.prefix(Self.shownElements).map(json)),
      ]
    }
  }
}

extension GGUFTensor {
  fileprivate var json: JSONValue {
    [
      "name": .string(name), "type": .string(type.name),
      "dimensions": .array(dimensions.map { JSONValue($0) }),
      "bytes": JSONValue(byteCount), "offset": JSONValue(byteOffset), "part": JSONValue(part),
    ]
  }
}

// MARK: - For people

extension FileReport {
  /// Metadata, tensors, totals, and the verdict.
  var text: String {
    var text = "\(file.path.quoted): GGUF version \(file.version), \(file.partPaths.count) part(s)\n\n"
    let keyWidth = file.metadata.map { $0.key.quoted.count }.max() ?? 0
    for (key, value) in file.metadata {
      text += "\(key.quoted.padded(to: keyWidth))  \(summary(of: value))\n"
    }
    let names = file.tensors.map(\.name.quoted)
    let nameWidth = names.map(\.count).max() ?? 0
    text += "\n"
    for (tensor, name) in zip(file.tensors, names) {
      let dimensions = tensor.dimensions.map(String.init).joined(separator: " × ")
      text += "\(name.padded(to: nameWidth))  \(tensor.type.name.padded(to: 7))  "
      text += "\(dimensions.padded(to: 18))  \(tensor.byteCount.bytesText)\n"
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
    return "\(file.tensors.count) tensors, \(bytes.bytesText)" + (types.isEmpty ? "" : ": \(types)")
  }

  private func summary(of value: GGUFValue) -> String {
    switch value {
    case .string(let string): return string.description.quoted
    case .array(let array) where !wholeArrays && array.count > Self.shortArray:
      let first = array.prefix(Self.shownElements).map { summary(of: $0) }.joined(separator: ", ")
      return "\(array.count) of \(array.elementType): \(first), …"
    case .array(let array): return "[\(array.map { summary(of: $0) }.joined(separator: ", "))]"
    default: return json(of: value).text
    }
  }
}

extension String {
  /// The text without anything that a terminal would obey: control characters become `\u{…}`.
  fileprivate var quoted: String {
    unicodeScalars.reduce(into: "") { text, scalar in
      if scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format {
        text += scalar.escaped(asASCII: true)
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
  }

  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
