import GPTOSSHarmony
public import GPTOSSJSON

extension JSONValue {
  /// The JSON schema of a Swift type, for tools' arguments and typed answers.
  ///
  ///     struct Query: Decodable { var city: String; var days: Int? }
  ///     try JSONValue.schema(of: Query.self)
  ///     // {"type":"object","properties":{"city":{"type":"string"},"days":{"type":"integer"}},
  ///     //  "required":["city"],"additionalProperties":false}
  ///
  /// The type is decoded once, from a decoder that notes what it is asked for and answers with placeholders. What
  /// `Decodable` conformances that the compiler writes ask for is the whole type; Docs/Tools.md lists which type gives
  /// which schema. A type says more about its properties by being ``Guided``.
  ///
  /// What a written `init(from:)` checks about values is not seen, nor what it would ask for if a value were another
  /// one. One that refuses its placeholders is an error.
  ///
  /// - Parameter type: a type that is decoded from JSON.
  /// - Returns: the schema, its properties in the order in which they are decoded.
  /// - Throws: ``GPTOSSError/schema(_:)`` for a type that contains itself, has an enum with associated values or cannot
  ///   be recorded for another reason.
  public static func schema<T: Decodable>(of type: T.Type) throws(GPTOSSError) -> JSONValue {
    let root = SchemaNode(path: SchemaPath(type))
    let recorder = SchemaRecorder()
    do {
      _ = try recorder.decode(type, at: root)
    } catch {
      // Noted by the recorder, which knows where; a type may also have caught it.
    }
    if let failure = recorder.failure { throw .schema(failure) }
    return root.schema
  }
}
