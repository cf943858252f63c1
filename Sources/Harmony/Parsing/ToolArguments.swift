public import GPTOSSJSON

/// The arguments of a call, as far as they can be read from what a model wrote.
public struct ToolArguments: Sendable, Equatable {
  /// The arguments by name, in the order in which the model wrote them.
  public let object: JSONObject
  /// What had to be repaired, in order.
  public let repairs: [Repair]

  /// Something that was repaired.
  public enum Repair: Sendable, Hashable {
    /// There was no content; the arguments are `{}`.
    case empty
    /// Text stood before the object.
    case leadingText(String)
    /// Text stood behind the object: a bracket, a second object, an explanation.
    case trailingText(String)
    /// The object stood alone in an array.
    case unwrappedArray
    /// The object stood in a string, as JSON text.
    case unquoted
    /// The object stood in another, beside the tool's name.
    case unwrappedCall
    /// Strings had line ends or other control characters that were not escaped.
    case unescapedControlCharacters
    /// Brackets were missing at the end.
    case closed(brackets: String)
  }
}

extension ToolArguments: CustomStringConvertible {
  /// The arguments as JSON, and what had to be repaired: `{"city":"Oslo"} (repaired: added "}")`.
  public var description: String {
    repairs.isEmpty
      ? "\(object)" : "\(object) (repaired: \(repairs.map(\.description).joined(separator: ", ")))"
  }
}

extension ToolArguments.Repair: CustomStringConvertible {
  /// What was done, in a few words.
  public var description: String {
    switch self {
    case .empty: "read no content as {}"
    case .leadingText(let text): "dropped \(text.debugDescription) before the object"
    case .trailingText(let text): "dropped \(text.debugDescription) behind the object"
    case .unwrappedArray: "took the object out of an array"
    case .unquoted: "took the object out of a string"
    case .unwrappedCall: "took the arguments out of an object with the tool's name"
    case .unescapedControlCharacters: "allowed control characters in strings"
    case .closed(let brackets): "added \(brackets.debugDescription)"
    }
  }
}

extension ToolCall {
  /// The arguments as an object; nil if the content holds none, even after repair.
  ///
  /// A call whose content ends within a string or a number is not completed: the model was cut off, and a
  /// tool should not act on half an argument. Missing brackets are added, which is right when the model ended
  /// the call itself. Do not run a call that a length limit ended.
  public var arguments: ToolArguments? {
    var reader = ArgumentReader(content)
    guard let value = reader.read() else { return nil }
    var repairs = reader.repairs
    guard var object = unwrapped(value, &repairs) else { return nil }
    if let inner = argumentsOfWrappedCall(object) {
      repairs.append(.unwrappedCall)
      object = inner
    }
    return ToolArguments(object: object, repairs: repairs)
  }

  private func unwrapped(_ value: JSONValue, _ repairs: inout [ToolArguments.Repair]) -> JSONObject? {
    switch value {
    case .object(let object):
      return object
    case .array(let elements):
      guard elements.count == 1, let object = elements[0].objectValue else { return nil }
      repairs.append(.unwrappedArray)
      return object
    case .string(let text):
      var reader = ArgumentReader(text)
      guard let object = reader.read()?.objectValue else { return nil }
      repairs += [.unquoted] + reader.repairs
      return object
    default:
      return nil
    }
  }

  /// The arguments in `{"name": "this tool", "arguments": {…}}`.
  private func argumentsOfWrappedCall(_ object: JSONObject) -> JSONObject? {
    guard object.entries.count == 2, let name = object["name"]?.stringValue,
      name == functionName || name == recipient
    else { return nil }
    return (object["arguments"] ?? object["parameters"])?.objectValue
  }
}

/// Finds the JSON in a call's content.
private struct ArgumentReader {
  private let bytes: [UInt8]
  private(set) var repairs: [ToolArguments.Repair] = []

  init(_ content: String) { bytes = Array(content.utf8) }

  /// The arguments, or what holds them; nil if there are none.
  mutating func read() -> JSONValue? {
    guard bytes.contains(where: { !$0.isASCIIWhitespace }) else {
      repairs.append(.empty)
      return .object(JSONObject())
    }
    if let whole = wholeValue() { return whole }
    // Text before the object may have brackets of its own. Where one leads nowhere, the search goes on behind
    // what was read; where that was an object, behind its end, so that what is inside a broken object is never
    // taken for the whole.
    var offset = 0
    var openBrackets = 0
    while let start = bytes[offset...].firstIndex(where: { Self.brackets.contains($0) }) {
      let isOpening = Self.openingBrackets.contains(bytes[start])
      guard isOpening, openBrackets == 0 else {
        openBrackets = max(0, openBrackets + (isOpening ? 1 : -1))
        offset = start + 1
        continue
      }
      switch attempt(from: start) {
      case .value(let value, let end, let found) where Self.holdsArguments(value):
        note(ToolArguments.Repair.leadingText, bytes[..<start])
        repairs += found
        note(ToolArguments.Repair.trailingText, bytes[end...])
        return value
      case .value(_, let end, _): offset = end
      case .failure(let end, let open):
        offset = max(end, start + 1)
        if open.contains(UInt8(ascii: "}")) { openBrackets = open.count }
      }
    }
    return nil
  }

  private func wholeValue() -> JSONValue? {
    var parser = JSONParser(bytes)
    do {
      let value = try parser.parsePrefix()
      try parser.expectEnd()
      return value
    } catch {
      return nil
    }
  }

  private static func holdsArguments(_ value: JSONValue) -> Bool {
    switch value {
    case .object: true
    case .array(let elements): elements.count == 1 && elements[0].objectValue != nil
    default: false
    }
  }

  private enum Attempt {
    case value(JSONValue, end: Int, repairs: [ToolArguments.Repair])
    /// Nothing that is whole, and the brackets that would close what was read.
    case failure(end: Int, open: [UInt8])
  }

  private func attempt(from start: Int) -> Attempt {
    var parser = JSONParser(bytes, from: start)
    do {
      return .value(try parser.parsePrefix(), end: parser.byteOffset, repairs: [])
    } catch {
      // The most common fault of models that write code is strings with line ends that are not escaped.
      var lenient = JSONParser(bytes, from: start, dialect: .lenient)
      do {
        let value = try lenient.parsePrefix()
        return .value(value, end: lenient.byteOffset, repairs: [.unescapedControlCharacters])
      } catch {
        return closed(from: start, brackets: lenient.openBrackets, fault: error)
          ?? .failure(end: lenient.byteOffset, open: lenient.openBrackets)
      }
    }
  }

  /// The value that ends too early, with its brackets closed.
  private func closed(from start: Int, brackets: [UInt8], fault: JSONError) -> Attempt? {
    guard case .malformed(.unexpectedEnd, _) = fault, !brackets.isEmpty,
      let last = bytes.last(where: { !$0.isASCIIWhitespace }), !last.isASCIILetterOrDigit
    else { return nil }
    var parser = JSONParser(bytes[start...] + brackets.reversed(), dialect: .lenient)
    do {
      let value = try parser.parsePrefix()
      let missing = String(decoding: brackets.reversed(), as: UTF8.self)
      return .value(value, end: bytes.count, repairs: [.closed(brackets: missing)])
    } catch {
      return nil
    }
  }

  private mutating func note(_ repair: (String) -> ToolArguments.Repair, _ text: ArraySlice<UInt8>) {
    if text.contains(where: { !$0.isASCIIWhitespace }) {
      repairs.append(repair(String(decoding: text, as: UTF8.self)))
    }
  }

  private static let openingBrackets = Array("{[".utf8)
  private static let brackets = Array("{[]}".utf8)
}
