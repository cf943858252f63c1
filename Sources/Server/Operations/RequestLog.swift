package import Foundation
import GPTOSS
package import GPTOSSJSON
import GPTOSSPlatform

/// The log of requests: one JSON object per line, on standard error.
///
/// It is not a handler of swift-log, whose metadata has neither an order nor numbers.
package struct RequestLog: Sendable {
  let detail: LogDetail

  package init(detail: LogDetail) { self.detail = detail }

  /// Writes a line about something that is no request.
  func write(note: String) {
    guard detail != .none else { return }
    let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    let line: JSONValue = ["time": .string(Date().formatted(style)), "note": .string(note)]
    write(line: line.text.inertJSON)
  }

  /// Writes the line of a request that has ended.
  func write(_ record: Exchange.Record) {
    guard detail != .none else { return }
    write(line: Self.text(record, time: Date()))
  }

  /// One write per line, so that lines of several threads do not mix. A full disk or a reader that has gone costs
  /// lines, not the server: there is nowhere left to report it.
  private func write(line: String) {
    do { try writeAll(line + "\n", to: STDERR_FILENO) } catch {}
  }

  /// A line: an object in which nothing drives the terminal that it is read on. Its values are exact.
  package static func text(_ record: Exchange.Record, time: Date) -> String {
    line(record, time: time).text.inertJSON
  }

  /// The object on a line.
  package static func line(_ record: Exchange.Record, time: Date) -> JSONValue {
    let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
    var line: JSONValue = [
      "time": .string(time.formatted(style)), "id": .string(record.id), "client": .string(record.client),
      "method": .string(record.method), "path": .string(record.path), "status": .integer(record.status),
      "milliseconds": .integer(Int((record.seconds * 1000).rounded())),
    ]
    if let model = record.model {
      line = line.adding([
        "model": .string(model), "stream": .bool(record.isStreamed),
        "prompt_tokens": .integer(record.promptTokens), "cached_tokens": .integer(record.cachedTokens),
        "generated_tokens": .integer(record.generatedTokens),
        "stop_reasons": .array(record.stopReasons.map { .string($0.rawValue) }),
      ])
    }
    if let miss = record.cacheMiss { line = line.adding(["cache_miss": .string(miss)]) }
    if !record.unsupportedTools.isEmpty {
      line = line.adding(["unsupported_tools": .array(record.unsupportedTools.map(JSONValue.string))])
    }
    if !record.ignored.isEmpty {
      let names = record.ignored.prefix(32).map { JSONValue.string($0.shortened(to: 64)) }
      line = line.adding(["ignored": .array(names)])
    }
    if !record.notHeld.isEmpty {
      line = line.adding(["not_held": .array(record.notHeld.map(JSONValue.string))])
    }
    if let warning = record.warning { line = line.adding(["warning": .string(warning)]) }
    if let error = record.error { line = line.adding(["error": .string(error.code ?? error.type)]) }
    if let (request, answer) = record.contents {
      line = line.adding(["request": .string(request), "answer": .string(answer)])
    }
    return line
  }
}
