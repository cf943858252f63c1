import Foundation
package import GPTOSSJSON
import Synchronization

/// Files that clients have uploaded, to name them in messages. The model reads text only.
package final class UploadedFiles: Sendable {
  /// Files that are kept, and bytes of all of them; the oldest go first.
  private static let limits = (files: 64, bytes: 32 << 20)

  private struct File {
    let identifier: String
    let text: String
  }

  private let files = Mutex<[File]>([])

  package init() {}

  /// `uploadFileBase64`: keeps a text.
  ///
  /// - Throws: `SocketFault` for anything else.
  package func upload(_ parameter: JSONField) throws -> JSONValue {
    let name = try parameter.required("name").string()
    let content = try parameter.required("contentBase64")
    guard let data = Data(base64Encoded: try content.string()) else {
      throw ServerError.invalid(parameter: content.path, problem: "it is not base64")
    }
    guard let text = String(validating: data, as: UTF8.self), !text.utf8.contains(0) else {
      throw SocketFault.unsupported(
        "'\(name.prefix(100))' is not text in UTF-8, and the model reads text only: no pictures, no documents."
      )
    }
    guard data.count <= Self.limits.bytes else {
      throw SocketFault("'\(name.prefix(100))' is too large.", status: 413)
    }
    let identifier = "\(UUID().uuidString.lowercased()).txt"
    files.withLock { files in
      files.append(File(identifier: identifier, text: text))
      var bytes = files.reduce(0) { $0 + $1.text.utf8.count }
      while files.count > Self.limits.files || bytes > Self.limits.bytes {
        bytes -= files.removeFirst().text.utf8.count
      }
    }
    return ["identifier": .string(identifier), "fileType": "text/plain", "sizeBytes": .integer(data.count)]
  }

  /// The text of a file; nil if there is none, or none any more.
  package func text(of identifier: String) -> String? {
    files.withLock { files in files.first { $0.identifier == identifier }?.text }
  }
}
