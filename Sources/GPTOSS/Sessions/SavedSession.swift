import Foundation
import GPTOSSHarmony
import GPTOSSTokenizer
import Synchronization

extension ChatSession {
  /// Writes the session to a file: instructions, effort, overflow policy and transcript with its tokens, but no tools.
  ///
  /// The file appears at once and whole, in place of one that was there before. What the model remembers is not in it: it is
  /// read again, and comes to the same values.
  ///
  /// - Throws: `GPTOSSError.savedSession`.
  public func save(to path: String) throws(GPTOSSError) {
    let state = state.withLock { $0 }
    let content = SavedSession.Content(
      model: model.information.fingerprint, modelName: model.information.name,
      instructions: state.instructions,
      reasoningEffort: state.reasoningEffort.rawValue, overflow: state.overflow,
      omittedTurns: state.omittedTurns,
      transcript: state.transcript)
    do {
      try SavedSession.data(content).write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw .savedSession(path: path, .unwritable(reason: "\(error.localizedDescription)"))
    }
  }

  /// Goes on with a session that was saved.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - model: the model that it was saved with.
  ///   - tools: the functions that the model may call.
  /// - Returns: a session that goes on where that one was saved.
  /// - Throws: `GPTOSSError.savedSession` for a file that cannot be read, is damaged, or is of another model.
  public static func load(
    from path: String, model: LanguageModel, tools: [any Tool] = []
  ) throws(GPTOSSError) -> ChatSession {
    let content: SavedSession.Content
    do throws(SavedSessionFault) {
      content = try SavedSession.content(at: path)
      guard content.model == model.information.fingerprint else { throw .otherModel(content.modelName) }
      let vocabulary = model.tokenizer.vocabulary
      for token in content.transcript.entries.flatMap({ $0.tokens ?? [] })
      where token < 0 || token >= vocabulary.count {
        throw .damaged(reason: "it has the token \(token), which the model has not")
      }
    } catch { throw .savedSession(path: path, error) }
    let session = ChatSession(
      model: model, instructions: content.instructions, tools: tools,
      reasoningEffort: ReasoningEffort(named: content.reasoningEffort) ?? .medium, overflow: content.overflow,
      transcript: content.transcript)
    session.state.withLock { $0.omittedTurns = content.omittedTurns }
    return session
  }
}

/// Why a saved session cannot be read or written.
public enum SavedSessionFault: Error, Sendable, Hashable {
  /// The system does not read the file.
  case unreadable(reason: String)
  /// The system does not write the file.
  case unwritable(reason: String)
  /// The file is no saved session.
  case notASession
  /// The file was written by a later version of this package.
  case laterVersion(Int)
  /// The file is not as it was written.
  case damaged(reason: String)
  /// The session was saved with another model, the one of this name.
  case otherModel(String)
}

extension SavedSessionFault: CustomStringConvertible {
  /// What is wrong and what to do.
  public var description: String {
    switch self {
    case .unreadable(let reason): "the session cannot be read: \(reason)"
    case .unwritable(let reason): "the session cannot be written: \(reason)"
    case .notASession: "this is no saved session"
    case .laterVersion(let version):
      "the session has format \(version), which a later version of this package wrote"
    case .damaged(let reason): "the saved session is damaged: \(reason)"
    case .otherModel(let name): "the session was saved with another model, \(name); load it with that one"
    }
  }
}

/// The file of a saved session: a line that says what it is, with a checksum of the rest, and JSON.
enum SavedSession {
  private static let magic = "gptoss-session"
  private static let version = 1

  struct Content: Codable {
    let model: String
    let modelName: String
    let instructions: String?
    let reasoningEffort: String
    let overflow: ContextOverflow
    let omittedTurns: Int
    let transcript: Transcript
  }

  static func data(_ content: Content) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let body = try encoder.encode(content)
    return Data("\(magic) \(version) \(Checksum(body).text)\n".utf8) + body
  }

  static func content(at path: String) throws(SavedSessionFault) -> Content {
    let data: Data
    do { data = try Data(contentsOf: URL(filePath: path)) } catch {
      throw .unreadable(reason: error.localizedDescription)
    }
    guard let lineEnd = data.prefix(64).firstIndex(of: UInt8(ascii: "\n")) else { throw .notASession }
    let words = String(decoding: data[..<lineEnd], as: UTF8.self).split(separator: " ")
    guard words.count == 3, words[0] == magic, let version = Int(words[1]) else { throw .notASession }
    guard version <= Self.version else { throw .laterVersion(version) }
    let body = data[(lineEnd + 1)...]
    guard Checksum(body).text == words[2] else { throw .damaged(reason: "its checksum does not fit") }
    do { return try JSONDecoder().decode(Content.self, from: Data(body)) } catch {
      throw .damaged(reason: "\(error)")
    }
  }
}
