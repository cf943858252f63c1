package import GGUF
package import GPTOSSJSON

extension GGUFFile {
  /// The metadata as JSON, its keys in the file's order.
  ///
  /// - Parameter wholeArrays: whether long arrays, such as the vocabulary's tokens, are given in full, in place
  ///   of `{"type", "count", "first"}`.
  package func metadataJSON(wholeArrays: Bool) -> JSONObject {
    JSONObject(metadata.map { (key: $0.key, value: $0.value.json(wholeArrays: wholeArrays)) })
  }
}

extension GGUFArray {
  /// Whether the array is so long that an overview shows its beginning alone.
  package var isLong: Bool { count > 16 }

  /// What an overview shows of a long array.
  package var beginning: some Sequence<GGUFValue> { prefix(4) }
}

extension GGUFValue {
  /// The value as JSON; `"nan"`, `"inf"` and `"-inf"` where JSON has no number.
  ///
  /// - Parameter wholeArrays: whether long arrays are given in full, in place of
  ///   `{"type", "count", "first"}`.
  package func json(wholeArrays: Bool) -> JSONValue {
    switch self {
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
    case .array(let array) where array.isLong && !wholeArrays:
      [
        "type": .string("\(array.elementType)"), "count": JSONValue(array.count),
        "first": .array(array.beginning.map { $0.json(wholeArrays: wholeArrays) }),
      ]
    case .array(let array): .array(array.map { $0.json(wholeArrays: wholeArrays) })
    }
  }
}

extension GGUFTensor {
  /// `{"name", "type", "dimensions", "bytes", "offset", "part"}`.
  package var json: JSONValue {
    [
      "name": .string(name), "type": .string(type.name),
      "dimensions": .array(dimensions.map { JSONValue($0) }),
      "bytes": JSONValue(byteCount), "offset": JSONValue(byteOffset), "part": JSONValue(part),
    ]
  }
}
