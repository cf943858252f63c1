public import Foundation
import GPTOSSPlatform

/// Why a model cannot be downloaded. What has arrived is kept, unless a case says otherwise.
public enum DownloadFault: Error, Sendable, Hashable {
  /// `HF_HUB_OFFLINE` forbids every request.
  case offline
  /// `HF_ENDPOINT` is no address.
  case invalidEndpoint(String)
  /// No connection, or one that broke again and again.
  case connection(String)
  /// The server refuses, or cannot answer now, again and again.
  case refused(host: String, status: Int)
  /// There is no such repository, or it is private and the token does not open it.
  case noSuchRepository(hasToken: Bool)
  /// The owner wants terms to be accepted, on this page.
  case gated(page: String)
  /// The repository does not have the file; these it has.
  case noSuchFile(wanted: String, available: [String])
  /// The repository has no GGUF file.
  case noModel
  /// The file's name is too long, hidden, or holds control characters.
  case unusableName(String)
  /// The model will not run here. Nothing of it is kept, unless much had arrived before.
  case willNotRun(ModelFault)
  /// The disk has less room than is needed, in bytes.
  case tooLittleSpace(needed: Int, available: Int, folder: String)
  /// The file on the Hub is another than when the download began. What had arrived is dropped at the next
  /// try.
  case changed(file: String)
  /// What arrived is not what the Hub announced. It is dropped.
  case wrongHash(file: String)
  /// The server sends whole files alone, which cannot be resumed.
  case noRanges(host: String)
  /// An answer of the Hub that makes no sense.
  case malformedAnswer(host: String, problem: String)
}

extension DownloadFault: CustomStringConvertible {
  /// What is wrong and, where something can be done, what.
  public var description: String {
    switch self {
    case .offline: "HF_HUB_OFFLINE forbids downloads; unset it, or import a file (gptoss import)"
    case .invalidEndpoint(let text): "HF_ENDPOINT is \(text.quoted), which is no address; give https://HOST"
    case .connection(let reason): "\(reason); what has arrived is kept: try again"
    case .refused(let host, let status):
      "\(host) answers with status \(status); what has arrived is kept: try again later"
    case .noSuchRepository(let hasToken):
      "there is no such repository, or it is private; check the name, or "
        + (hasToken ? "use a token that opens it (HF_TOKEN)" : "set HF_TOKEN to a token that opens it")
    case .gated(let page):
      "its owner wants terms to be accepted: do so on \(page.inert), and set HF_TOKEN to your token"
    case .noSuchFile(let wanted, let available):
      "it has no \(wanted.inert); it has \(available.map(\.inert).joined(separator: ", "))"
    case .noModel: "it has no GGUF file; look for a repository whose name ends in -GGUF"
    case .unusableName(let file):
      "the name of its file \(file.quoted) cannot be used: one has at most \(ModelName.fileByteLimit) bytes, no "
        + "control characters and no point in front; download it otherwise, and use gptoss import"
    case .willNotRun(let fault): "it will not run here: \(fault); --force downloads it all the same"
    case .tooLittleSpace(let needed, let available, let folder):
      "it needs \(needed / 1_000_000) MB of disk, but \(folder.inert) has \(available / 1_000_000) MB; "
        + "make room, or name another folder (GPTOSS_MODELS)"
    case .changed(let file):
      "\(file.inert) was replaced on the Hub meanwhile; get it again from the start"
    case .wrongHash(let file):
      "what arrived of \(file.inert) is not what the Hub announced, and was dropped; get it again"
    case .noRanges(let host):
      "\(host) does not send parts of files; download it otherwise, and use gptoss import"
    case .malformedAnswer(let host, let problem): "\(host): \(problem)"
    }
  }
}

extension DownloadFault: LocalizedError {
  /// The same as ``description``, for Foundation's `localizedDescription`.
  public var errorDescription: String? { description }
}
