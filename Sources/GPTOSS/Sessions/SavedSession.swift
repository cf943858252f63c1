public import Foundation
import GGUF
import GPTOSSHarmony
import GPTOSSPlatform
import GPTOSSTokenizer
import Synchronization

extension ChatSession {
  /// Writes the session to a file: instructions, effort, overflow policy and transcript with its tokens, but
  /// no tools.
  ///
  /// The file is written as a whole, or not at all, for its owner alone to read and write; a device or a pipe
  /// of that name is refused. What the model remembers is not in the file: that is read again and has the same values.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - isOverwriting: whether a file of that name is replaced; otherwise it is refused.
  /// - Throws: `GPTOSSError.savedSession`.
  public func save(to path: String, isOverwriting: Bool = true) throws(GPTOSSError) {
    let (state, profile) = (state.withLock { $0 }, model.profile)
    let saved = SavedSession(
      model: profile.fingerprint, modelName: profile.name, isRemote: profile.isRemote,
      spelling: (model as? any TokenModel).map { state.transcript.spelling(in: $0.tokenizer.vocabulary) },
      instructions: state.instructions, reasoningEffort: state.reasoningEffort.rawValue,
      overflow: state.overflow, omittedTurns: state.omittedTurns, transcript: state.transcript)
    do {
      let bytes = [UInt8](try saved.data())
      var file = try OutputFile(path, isOverwriting: isOverwriting, isPrivate: true)
      try file.write(bytes.span.bytes)
      try file.commit()
    } catch {
      let reason = (error as? GGUFError.Reason).map { $0.summary } ?? "\(error)"
      throw .savedSession(path: path, .unwritable(reason: reason))
    }
  }

  /// Writes the session to a file that a URL names, as ``save(to:isOverwriting:)`` does for a path.
  ///
  /// - Throws: `GPTOSSError.savedSession`, also for the address of something else than a local file.
  public func save(to url: URL, isOverwriting: Bool = true) throws(GPTOSSError) {
    let path: String
    do { path = try url.filePath() } catch {
      throw .savedSession(path: error.path, .unwritable(reason: "\(error.reason)"))
    }
    try save(to: path, isOverwriting: isOverwriting)
  }

  /// Goes on with a session that was saved.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - model: the model that it was saved with; where one of the two is remote, any with its vocabulary.
  ///   - tools: the functions that the model may call.
  /// - Returns: a session that goes on where that one was saved.
  /// - Throws: `GPTOSSError.savedSession` for a file that cannot be read, is damaged, or belongs to another
  ///   model.
  public static func load(
    from path: String, model: any ConversationModel, tools: [any Tool] = []
  ) throws(GPTOSSError) -> ChatSession {
    let profile = model.profile
    let saved: SavedSession
    let effort: ReasoningEffort
    do throws(SavedSessionFault) {
      saved = try SavedSession(contentsOf: path)
      try saved.check(model)
      for token in saved.transcript.entries.flatMap({ $0.tokens ?? [] })
      where token < 0 || token >= profile.vocabularyCount {
        throw .damaged(reason: "it has the token \(token), which the model lacks")
      }
      let turnCount = saved.transcript.turns.count
      guard (0...turnCount).contains(saved.omittedTurns) else {
        throw .damaged(reason: "it leaves out \(saved.omittedTurns) of \(turnCount) turns")
      }
      guard let known = ReasoningEffort(rawValue: saved.reasoningEffort) else {
        throw .damaged(reason: "it has the unknown reasoning effort \"\(saved.reasoningEffort)\"")
      }
      effort = known
    } catch { throw .savedSession(path: path, error) }
    let session = ChatSession(
      model: model, instructions: saved.instructions, tools: tools,
      reasoningEffort: effort, overflow: saved.overflow,
      transcript: saved.transcript)
    session.state.withLock { $0.omittedTurns = saved.omittedTurns }
    return session
  }

  /// Reads a session that `save(to:isOverwriting:)` wrote to a file that a URL names.
  ///
  /// - Returns: the session; the next answer goes on from where the saved one stood.
  /// - Throws: `GPTOSSError.savedSession` as for a path, and for the address of something else than a local
  ///   file.
  public static func load(
    from url: URL, model: any ConversationModel, tools: [any Tool] = []
  ) throws(GPTOSSError) -> ChatSession {
    let path: String
    do { path = try url.filePath() } catch {
      throw .savedSession(path: error.path, .unreadable(reason: "\(error.reason)"))
    }
    return try load(from: path, model: model, tools: tools)
  }
}

/// Why a saved session cannot be read or written.
public enum SavedSessionFault: Error, Sendable, Hashable {
  /// The file cannot be read.
  case unreadable(reason: String)
  /// The file cannot be written.
  case unwritable(reason: String)
  /// The file is not a saved session.
  case notASession
  /// The file was written by a later version of this package.
  case laterVersion(Int)
  /// The file is not as it was written.
  case damaged(reason: String)
  /// The session was saved with another model, the one of this name.
  case otherModel(String)
  /// The model it was saved with, or the one that is to go on, is remote, and their tokens are not the same.
  case otherVocabulary(saved: String, current: String)
}

extension SavedSessionFault: CustomStringConvertible {
  /// What is wrong and what to do.
  public var description: String { text.inert }

  private var text: String {
    switch self {
    case .unreadable(let reason): "the session cannot be read: \(reason)"
    case .unwritable(let reason): "the session cannot be written: \(reason)"
    case .notASession: "the file is not a saved session; give one that save(to:), or /save in the chat, wrote"
    case .laterVersion(let version):
      "the session has format \(version), which a later version of this package wrote; update the package"
    case .damaged(let reason): "the saved session is damaged: \(reason)"
    case .otherModel(let name): "the session was saved with another model, \(name); load it with that one"
    case .otherVocabulary(let saved, let current):
      "the session was saved with \(saved), whose vocabulary is not that of \(current); "
        + "load it with a model that has the same"
    }
  }
}

extension SavedSessionFault: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}

/// The file of a saved session: a line that says what it is, with a checksum of the rest, and JSON.
struct SavedSession: Codable {
  private static let magic = "gptoss-session"
  private static let version = 1

  /// The model's fingerprint.
  let model: String
  let modelName: String
  /// Whether the model ran elsewhere; nil in files of earlier versions.
  let isRemote: Bool?
  /// A checksum of the tokens and of how they are spelled; nil for a model that shows none, and in files of
  /// earlier versions.
  let spelling: String?
  let instructions: String?
  let reasoningEffort: String
  let overflow: ContextOverflow
  let omittedTurns: Int
  let transcript: Transcript
}

extension SavedSession {
  /// Makes sure that a model can go on with the session.
  ///
  /// The weights of a model that runs elsewhere are not known here. But tokens are all that a session holds:
  /// there they have to be the same texts.
  func check(_ model: any ConversationModel) throws(SavedSessionFault) {
    let profile = model.profile
    guard isRemote == true || profile.isRemote, let spelling, let reader = model as? any TokenModel else {
      guard self.model == profile.fingerprint else { throw .otherModel(modelName) }
      return
    }
    guard spelling == transcript.spelling(in: reader.tokenizer.vocabulary) else {
      throw .otherVocabulary(
        saved: Self.label(modelName, isRemote: isRemote == true),
        current: Self.label(profile.name, isRemote: profile.isRemote))
    }
  }

  private static func label(_ name: String, isRemote: Bool) -> String {
    isRemote ? "\(name) (remote)" : name
  }

  /// The bytes of the file.
  func data() throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let body = try encoder.encode(self)
    return Data("\(Self.magic) \(Self.version) \(Checksum(body).text)\n".utf8) + body
  }

  init(contentsOf path: String) throws(SavedSessionFault) {
    if let kind = specialFileKind(path) { throw .unreadable(reason: "it is \(kind), not a file") }
    let data: Data
    do throws(SystemError) { data = Data(try readFile(path)) } catch {
      throw .unreadable(reason: systemMessage(error.code))
    }
    guard let lineEnd = data.prefix(64).firstIndex(of: UInt8(ascii: "\n")) else { throw .notASession }
    let words = String(decoding: data[..<lineEnd], as: UTF8.self).split(separator: " ")
    guard words.count == 3, words[0] == Self.magic, let version = Int(words[1]), version >= Self.version
    else {
      throw .notASession
    }
    guard version == Self.version else { throw .laterVersion(version) }
    let body = data[(lineEnd + 1)...]
    guard Checksum(body).text == words[2] else { throw .damaged(reason: "its checksum does not match") }
    do { self = try JSONDecoder().decode(SavedSession.self, from: Data(body)) } catch {
      throw .damaged(reason: "\(error)")
    }
  }
}

extension Transcript {
  /// A checksum of all tokens and of the bytes that they have in a vocabulary.
  fileprivate func spelling(in vocabulary: Vocabulary) -> String {
    var checksum = Checksum()
    for token in entries.lazy.flatMap({ $0.tokens ?? [] }) {
      checksum.add("\(token) ".utf8)
      checksum.add(vocabulary.bytes(of: token) ?? [])
    }
    return checksum.text
  }
}
