import GPTOSSPlatform

#if canImport(FoundationEssentials)
  public import protocol FoundationEssentials.LocalizedError
#else
  public import protocol Foundation.LocalizedError
#endif

extension GGUFError: CustomStringConvertible {
  /// One line: the file, the place in it, what is wrong and, where something can be done, what.
  public var description: String {
    var line = path
    if !place.description.isEmpty { line += ": \(place)" }
    if let byteOffset { line += " at byte \(byteOffset)" }
    return "\(line): \(reason)".inert
  }
}

extension GGUFError: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}

extension GGUFError.Place: CustomStringConvertible {
  /// The place in words; empty for the file as a whole.
  public var description: String {
    switch self {
    case .file: ""
    case .header: "header"
    case .entry(let index): "metadata entry \(index)"
    case .key(let key): "key \(key.quoted)"
    case .tensorRecord(let index): "tensor record \(index)"
    case .tensor(let name): "tensor \(name.quoted)"
    }
  }
}

extension GGUFError.Reason: CustomStringConvertible {
  /// What is wrong and, where something can be done, what; not in which file.
  public var description: String { (remedy.map { "\(summary); \($0)" } ?? summary).inert }
}

extension GGUFError.Reason: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}

extension GGUFError.Reason {
  /// What is wrong.
  package var summary: String {
    switch self {
    case .system(let operation, let code): "cannot \(operation) it: \(systemMessage(code))"
    case .notARegularFile(let kind): "it is \(kind), not a file"
    case .notGGUF(let found?): "not a GGUF file but \(found)"
    case .notGGUF(nil): "not a GGUF file"
    case .bigEndian(let version): "a big-endian GGUF file (version \(version)), which is not supported"
    case .unsupportedVersion(let version): "GGUF version \(version), but only 2 and 3 are supported"
    case .endOfFile(let needed, let available):
      "at least \(needed) bytes are needed, but only \(available) are left"

    case .unknownValueType(let id): "unknown value type \(id)"
    case .nestingTooDeep(let limit): "arrays nested more than \(limit) deep"
    case .invalidBool(let byte): "\(byte) where a Boolean (0 or 1) belongs"
    case .invalidUTF8: "bytes that are not UTF-8"
    case .invalidNameLength(let length, let limit):
      "a name of \(length) bytes, where 1 to \(limit) are allowed"
    case .duplicateKey: "occurs twice"
    case .invalidAlignment(let alignment): "\(alignment) is not a power of two"

    case .tooManyDimensions(let count): "\(count) dimensions, where 4 at most are allowed"
    case .invalidDimension(let dimension): "a dimension of \(dimension)"
    case .sizeOverflow(let dimensions): "the size of dimensions \(dimensions) does not fit into 63 bits"
    case .partialBlock(let rowLength, let weights):
      "rows of \(rowLength) weights do not divide into blocks of \(weights)"
    case .unknownTensorType(let id): "unknown tensor type \(id)"
    case .removedTensorType(let id, let name): "tensor type \(id) (\(name)), which ggml has removed"
    case .ollamaLayout(let trait): "gpt-oss in Ollama's own layout (\(trait)), which is not supported"
    case .duplicateTensor: "occurs twice"
    case .misalignedTensor(let offset, let alignment):
      "offset \(offset) is not a multiple of the alignment \(alignment)"
    case .tensorOutsideFile(let offset, let byteCount, let available):
      "needs \(byteCount) bytes at offset \(offset) of the tensor data, which has only \(available) bytes"
    case .overlappingTensors(let other): "overlaps tensor \(other.quoted)"

    case .partMisnamed(let part, let count):
      (0..<count).contains(part)
        ? "its metadata says part \(part + 1) of \(count), its name does not"
        : "its metadata says part \(part), counted from 0, of \(count)"
    case .partMismatch(_, let expected, let actual): "\(actual), where the set of parts has \(expected)"
    case .contradictoryPart: "its value is not that of the first part"
    case .missingPart(let part, let count): "part \(part + 1) of \(count) is missing"

    case .missingKey: "missing"
    case .typeMismatch(let expected, let actual): "\(actual), where \(expected) belongs"
    case .integerOutOfRange(let value): "\(value) is out of range"

    case .alreadyExists: "exists already"
    case .unexpectedTensor(let expected?): "data arrived for it before \(expected.quoted) was complete"
    case .unexpectedTensor(nil): "data arrived for it, but it is complete or was not declared"
    case .wrongByteCount(let expected, let actual):
      "\(actual) bytes of data, but its type and shape need \(expected)"

    case .notAFileURL: "not the address of a local file"
    case .noSuchExpert(let index, 0): "there is no expert \(index); it is one vector or number"
    case .noSuchExpert(let index, let count): "there is no expert \(index) among 0 to \(count - 1)"
    case .noSuchRow(let index, let count): "there is no row \(index) among 0 to \(count - 1)"
    }
  }

  /// What can be done about it.
  fileprivate var remedy: String? {
    switch self {
    case .notARegularFile: "give the path of a .gguf file"
    case .notGGUF: "give a .gguf file such as those of ggml-org/gpt-oss-20b-GGUF on Hugging Face"
    case .bigEndian: "convert it to little-endian (gguf-py: gguf_convert_endian.py)"
    case .unsupportedVersion(1): "it is from 2023: get a newer file of the model"
    case .unsupportedVersion: "the file is damaged or needs a newer version of this program"
    case .endOfFile, .tensorOutsideFile: "the file is truncated or damaged: download it again"
    case .unknownValueType, .nestingTooDeep, .invalidBool, .invalidUTF8, .invalidNameLength, .duplicateKey,
      .invalidAlignment, .tooManyDimensions, .invalidDimension, .sizeOverflow, .partialBlock,
      .duplicateTensor,
      .misalignedTensor, .overlappingTensors:
      "the file is damaged, or made by a faulty program: get another copy"
    case .unknownTensorType: "the file is damaged or needs a newer version of this program"
    case .removedTensorType(GGUFTensorType.ollamaMXFP4, _):
      "if it is one of Ollama's first gpt-oss files, use one of ggml-org's on Hugging Face instead"
    case .removedTensorType: "convert the model again, to a current type"
    case .ollamaLayout: "use a GGUF of ggml-org/gpt-oss-20b-GGUF or gpt-oss-120b-GGUF on Hugging Face"
    case .partMisnamed: "restore its name: the other parts are found by it (NAME-00001-of-00003.gguf)"
    case .partMismatch, .contradictoryPart:
      "the parts are from different downloads: get all of them from one place"
    case .missingPart: "put all parts into one folder"
    case .notAFileURL: "download the file and open that"
    case .alreadyExists: "choose another name, or have the file replaced"
    case .system, .missingKey, .typeMismatch, .integerOutOfRange, .unexpectedTensor, .wrongByteCount,
      .noSuchExpert, .noSuchRow:
      nil
    }
  }

  /// Whether the file ends before what it announces.
  var isEndOfFile: Bool {
    if case .endOfFile = self { true } else { false }
  }

  /// Whether the system found no file of that name.
  var isMissingFile: Bool {
    if case .system("open", ENOENT) = self { true } else { false }
  }
}
