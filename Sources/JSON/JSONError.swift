import GPTOSSPlatform

#if canImport(FoundationEssentials)
  public import protocol FoundationEssentials.LocalizedError
#else
  public import protocol Foundation.LocalizedError
#endif

/// Why a text is not JSON, or a value is not what its reader needs.
public enum JSONError: Error, Equatable, Sendable {
  /// The text is not JSON; `byteOffset` is where reading stopped.
  case malformed(JSONFault, byteOffset: Int)
  /// A field that the schema requires is absent. `path` is like `messages[2].content`.
  case missingField(path: String)
  /// A field holds another type than the schema has.
  case wrongType(path: String, expected: String, actual: String)
  /// A field's text is not one of the values that the schema allows.
  case unknownValue(path: String, value: String)
  /// A field has a name that the schema does not know; `known` are those it has there.
  case unknownField(path: String, known: [String])
}

/// Why a text is not JSON.
public enum JSONFault: Error, Equatable, Sendable {
  /// The text ends inside a value.
  case unexpectedEnd
  /// A byte that cannot stand here.
  case unexpectedByte(UInt8)
  /// More text follows the value.
  case trailingText
  /// A number that the grammar does not allow, such as `01` or `1.`.
  case malformedNumber
  /// A backslash followed by something other than an escape.
  case malformedEscape
  /// Half of a surrogate pair.
  case loneSurrogate
  /// A control character that stands in a string without being escaped.
  case controlCharacter(UInt8)
  /// Bytes that are not UTF-8.
  case invalidUTF8
  /// Arrays and objects nested deeper than the limit.
  case tooDeep(limit: Int)
}

extension JSONError: CustomStringConvertible {
  /// One line that names the cause.
  public var description: String { text.inert }

  private var text: String {
    switch self {
    case .malformed(let fault, let byteOffset): "malformed JSON at byte \(byteOffset): \(fault)"
    case .missingField(let path): "\(path) is missing"
    case .wrongType(let path, let expected, let actual):
      "\(path.isEmpty ? "the value" : path) has to be of type \(expected), not \(actual)"
    case .unknownValue(let path, let value): "\(path) has the unknown value \"\(value)\""
    case .unknownField(let path, let known):
      "\(path) is not known here; the known fields are \(known.joined(separator: ", "))"
    }
  }
}

extension JSONError: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}

extension JSONFault: CustomStringConvertible {
  /// A few words that name the fault.
  public var description: String {
    switch self {
    case .unexpectedEnd: "it ends inside a value"
    case .unexpectedByte(let byte): "unexpected \(Character(Unicode.Scalar(byte)).debugDescription)"
    case .trailingText: "text follows the value"
    case .malformedNumber: "malformed number"
    case .malformedEscape: "malformed escape"
    case .loneSurrogate: "half a surrogate pair"
    case .controlCharacter(let byte): "control character \(byte) in a string"
    case .invalidUTF8: "not UTF-8"
    case .tooDeep(let limit): "nested deeper than \(limit)"
    }
  }
}

extension JSONFault: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}
