import Foundation
import GGUF
import GPTOSS
import GPTOSSTokenizer

/// The measurements of a vocabulary and a text.
struct TokenizerBenchmarks {
  enum Measurement: String, CaseIterable {
    /// Text to tokens.
    case encode
    /// Tokens to text.
    case decode
    /// Reading a .tiktoken file.
    case loadTiktoken
    /// Reading the vocabulary of a GGUF file, without opening it.
    case loadGGUF
  }

  private let vocabularyPath: String
  private let metadata: GGUFMetadata?
  private let tokenizer: Tokenizer
  private let text: String
  private let tokens: [TokenID]

  init(_ options: Options) throws {
    vocabularyPath = options.vocabulary
    metadata = try options.model.map { try GGUFFile(path: $0).metadata }
    tokenizer = Tokenizer(vocabulary: try Vocabulary(tiktoken: options.vocabulary))
    text = try String(contentsOfFile: options.text, encoding: .utf8)
    tokens = tokenizer.encode(text)
  }

  /// What there is to measure.
  private var measurements: [Measurement] {
    Measurement.allCases.filter { $0 != .loadGGUF || metadata != nil }
  }

  /// The time of one run.
  func seconds(of measurement: Measurement) throws -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    switch measurement {
    case .encode:
      let count = tokenizer.encode(text).count
      precondition(count == tokens.count)
    case .decode:
      let decoded = try tokenizer.decode(tokens)
      precondition(decoded.utf8.count == text.utf8.count)
    case .loadTiktoken: _ = try Vocabulary(tiktoken: vocabularyPath)
    case .loadGGUF: _ = try metadata.map { try Vocabulary(metadata: $0) }
    }
    return (clock.now - start) / .seconds(1)
  }

  /// Every measurement in turns, round after round, so that a busy moment of the machine falls on all alike.
  func report(rounds: Int) throws -> String {
    var seconds: [Measurement: [Double]] = [:]
    for _ in 0..<rounds {
      for measurement in measurements {
        seconds[measurement, default: []].append(try self.seconds(of: measurement))
      }
    }
    let size = Double(text.utf8.count)
    var lines = ["\(text.utf8.count) bytes, \(tokens.count) tokens, median of \(rounds) rounds"]
    for measurement in measurements {
      let median = seconds[measurement, default: []].sorted()[(rounds - 1) / 2]
      let isLoad = measurement == .loadTiktoken || measurement == .loadGGUF
      let figure =
        isLoad ? String(format: "%.1f ms", median * 1e3) : String(format: "%.1f MB/s", size / median / 1e6)
      lines.append("\(measurement.rawValue): \(figure)")
    }
    return lines.joined(separator: "\n")
  }
}
