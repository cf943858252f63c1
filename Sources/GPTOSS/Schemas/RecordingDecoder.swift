import GPTOSSJSON

/// A decoder without data: it notes what it is asked for, and answers with placeholders.
///
/// Every key is there and no value is null. A key is optional if it is asked for, which `decodeIfPresent`
/// does. An array has one element.
struct RecordingDecoder: Decoder {
  let recorder: SchemaRecorder
  let node: SchemaNode

  var codingPath: [any CodingKey] { node.path.steps }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard node.becomeObject() else { throw recorder.fail(.ambiguous, at: node.path) }
    return KeyedDecodingContainer(RecordingKeys(recorder: recorder, node: node))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard node.becomeArray() else { throw recorder.fail(.ambiguous, at: node.path) }
    return RecordingElements(recorder: recorder, node: node)
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { self }
}

extension RecordingDecoder: SingleValueDecodingContainer {
  func decodeNil() -> Bool { false }
  func decode<T: Decodable>(_ type: T.Type) throws -> T { try recorder.decode(type, at: node) }
}

/// An object's properties.
private struct RecordingKeys<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let recorder: SchemaRecorder
  let node: SchemaNode

  var codingPath: [any CodingKey] { node.path.steps }

  var allKeys: [Key] {
    _ = recorder.fail(.asksForKeys, at: node.path)
    return []
  }

  func contains(_ key: Key) -> Bool {
    node.allowMissing(key.stringValue)
    return true
  }

  func decodeNil(forKey key: Key) throws -> Bool { false }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    try recorder.decode(type, at: node.property(key.stringValue))
  }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws
    -> KeyedDecodingContainer<Nested>
  {
    try decoder(key).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try decoder(key).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { throw recorder.fail(.superDecoder, at: node.path) }

  func superDecoder(forKey key: Key) throws -> any Decoder {
    throw recorder.fail(.superDecoder, at: node.path.appending(.property(key.stringValue)))
  }

  private func decoder(_ key: Key) -> RecordingDecoder {
    RecordingDecoder(recorder: recorder, node: node.property(key.stringValue))
  }
}

/// An array's elements, of which there is one.
private struct RecordingElements: UnkeyedDecodingContainer {
  let recorder: SchemaRecorder
  let node: SchemaNode
  private(set) var currentIndex = 0

  init(recorder: SchemaRecorder, node: SchemaNode) {
    self.recorder = recorder
    self.node = node
  }

  var codingPath: [any CodingKey] { node.path.steps }
  var count: Int? { nil }
  var isAtEnd: Bool { currentIndex > 0 }

  func decodeNil() throws -> Bool { isAtEnd }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
    let element = try next()
    return try recorder.decode(type, at: element)
  }

  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws
    -> KeyedDecodingContainer<Nested>
  {
    try RecordingDecoder(recorder: recorder, node: next()).container(keyedBy: type)
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try RecordingDecoder(recorder: recorder, node: next()).unkeyedContainer()
  }

  mutating func superDecoder() throws -> any Decoder {
    throw recorder.fail(.superDecoder, at: node.path)
  }

  private mutating func next() throws -> SchemaNode {
    guard !isAtEnd else { throw recorder.fail(.severalElements, at: node.path) }
    currentIndex += 1
    return node.elements()
  }
}
