package import Foundation
import GPTOSSJSON
import GPTOSSKernels
package import GPTOSSMeasurement
import GPTOSSModel
package import GPTOSSPlatform
import GPTOSSTerminal

/// Everything about a benchmark that somebody needs who compares it with another or repeats it, in one file of
/// Markdown.
package struct BenchCard {
  /// The model's files.
  package struct ModelFile: Sendable {
    /// Without its folder.
    package let name: String
    package let byteCount: Int
    /// `sha256:` and 64 digits; nil where the program was built without.
    package let digest: String?

    package init(name: String, byteCount: Int, digest: String?) {
      (self.name, self.byteCount, self.digest) = (name, byteCount, digest)
    }
  }

  package var report: BenchReport
  /// All parts.
  package var files: [ModelFile]
  /// What tells the model apart where there is no digest (`ModelInformation.fingerprint`).
  package var fingerprint: String
  package var machine: Machine
  package var version: Version
  /// Of the kernels that were measured, against those that compute in the plainest way.
  package var divergence: Divergence
  /// The command line.
  package var command: [String]
  package var date: Date

  package init(
    _ report: BenchReport, files: [ModelFile], fingerprint: String, machine: Machine, version: Version,
    divergence: Divergence, command: [String], date: Date
  ) {
    self.report = report
    self.files = files
    self.fingerprint = fingerprint
    self.machine = machine
    self.version = version
    self.divergence = divergence
    self.command = command
    self.date = date
  }

  package var markdown: String {
    let subject = report.subject
    return """
      # \(subject.name.markdown) on \(machine.processor.markdown)

      - Model: \(subject.name.markdown), fingerprint \(fingerprint)
      \(files.map(line).joined(separator: "\n"))
      - Machine: \(machine.processor.markdown), \(machine.processorCount) processors, \
      \(ByteCount(machine.memoryByteCount)) of memory, \(machine.system.markdown)
      - Program: \("\(version)".split(separator: "\n").prefix(2).joined(separator: ", "))
      - Kernels: \(subject.kernels), \(subject.threads) threads, weights \(subject.weights.rawValue), \
      prompt precision \(subject.precision.rawValue)
      - Measured: \(date.ISO8601Format())

      ## Command

          \(command.shellCommand)

      ## Speed

      Medians, with the lowest and the highest of the repeats, which were taken in turns.

      \(report.table)

      \(report.notes)

      ## Exactness

      \(exactness)

      ## Every repeat

      ```json
      \(report.json.text.inertJSON)
      ```

      """
  }

  private func line(_ file: ModelFile) -> String {
    "- File: \(file.name.markdown), \(file.byteCount) bytes" + (file.digest.map { ", \($0)" } ?? "")
  }

  private var exactness: String {
    """
    KL to the `reference` kernels, which compute one element at a time in double precision: \
    \(divergence.mean.figures) nats in the mean, \(divergence.largest.figures) at most, over \
    \(divergence.predictionCount) predictions of a text, read as a prompt; \(divergence.otherBest) with another \
    most probable token.
    """
  }
}

extension Double {
  /// Two digits that count.
  fileprivate var figures: String { self == 0 ? "0" : String(format: "%.1e", self) }
}
