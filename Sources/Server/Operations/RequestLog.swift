package import Foundation
import GPTOSS
import GPTOSSHarmony
package import GPTOSSJSON
import Synchronization

/// The log: a JSON object a line, on standard error.
package struct RequestLog: Sendable {
  let detail: LogDetail

  /// A request that has ended.
  package struct Entry {
    var id: String
    var method: String
    var path: String
    var client: String
    var status: Int
    var seconds: Double
    var record: Exchange.Record
    /// The request's body, which is logged on demand alone.
    var body: [UInt8]

    package init(
      id: String, method: String, path: String, client: String, status: Int, seconds: Double,
      record: Exchange.Record, body: [UInt8] = []
    ) {
      self.id = id
      self.method = method
      self.path = path
      self.client = client
      self.status = status
      self.seconds = seconds
      self.record = record
      self.body = body
    }
  }

  package init(detail: LogDetail) { self.detail = detail }

  /// Writes a line.
  func write(_ entry: Entry) {
    guard detail != .none else { return }
    // One write a line: lines of several threads do not mix.
    FileHandle.standardError.write(Data((json(entry, time: Date()).text + "\n").utf8))
  }

  /// The line's object.
  package func json(_ entry: Entry, time: Date) -> JSONValue {
    let record = entry.record
    var object = JSONObject([
      (
        key: "time", value: .string(time.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
      ),
      (key: "id", value: .string(entry.id)), (key: "client", value: .string(entry.client)),
      (key: "method", value: .string(entry.method)), (key: "path", value: .string(entry.path)),
      (key: "status", value: .integer(entry.status)),
      (key: "milliseconds", value: .integer(Int((entry.seconds * 1000).rounded()))),
    ])
    if let model = record.model {
      object["model"] = .string(model)
      object["stream"] = .bool(record.isStreamed)
      object["prompt_tokens"] = .integer(record.promptTokens)
      object["cached_tokens"] = .integer(record.cachedTokens)
      object["generated_tokens"] = .integer(record.generatedTokens)
      object["stop_reasons"] = .array(record.stopReasons.map { .string($0.rawValue) })
    }
    if let error = record.error { object["error"] = .string(error.code ?? error.type) }
    if detail == .contents {
      object["request"] = .string(String(decoding: entry.body, as: UTF8.self))
      object["answer"] = .string(record.answer)
    }
    return .object(object)
  }
}
