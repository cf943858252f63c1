import Foundation
package import GPTOSS
import GPTOSSHosting
package import GPTOSSJSON
package import GPTOSSModelLibrary
import Synchronization

/// The downloads that clients have asked for: one task each, and what is known of those that have ended.
package final class DownloadJobs: Sendable {
  /// Jobs that are remembered, and downloads at a time.
  private static let limits = (jobs: 64, running: 4)

  /// A download, as it is now.
  package struct Job: Sendable {
    /// LM Studio's words.
    enum State: String, Sendable {
      case downloading, paused, completed, failed
    }

    package var id: String
    var name: String
    var state = State.downloading
    var arrivedByteCount = 0
    var totalByteCount = 0
    var bytesPerSecond: Double?
    var timeLeft: Duration?
    var startedAt = Date()
    var completedAt: Date?
    var problem: String?
    /// Stops it.
    fileprivate var stop: @Sendable () -> Void = {}
    /// Ends when it has.
    fileprivate var end: Task<Void, Never>?
  }

  private let jobs = Mutex<[Job]>([])

  package init() {}

  /// The job of an id; nil if there is none.
  package func job(_ id: String) -> Job? { jobs.withLock { jobs in jobs.first { $0.id == id } } }

  /// Stops a download, unless it has ended. What has arrived stays, for the next download of that name.
  ///
  /// - Returns: the job when nothing works on it any more; nil if there is none.
  package func stop(_ id: String) async -> Job? {
    guard let job = job(id) else { return nil }
    job.stop()
    await job.end?.value
    // It may be forgotten by now.
    return self.job(id) ?? job
  }

  #if Downloads
    /// Begins a download, unless the same one is under way.
    ///
    /// - Throws: ``ServerError/tooManyDownloads(limit:retryAfter:)`` if too many are.
    package func begin(
      _ name: String, id: String, _ download: () -> EventStream<DownloadEvent>
    ) throws(ServerError) -> Job {
      try jobs.withLock { (jobs) throws(ServerError) in
        if let job = jobs.first(where: { $0.name == name && $0.state == .downloading }) { return job }
        guard jobs.count(where: { $0.state == .downloading }) < Self.limits.running else {
          throw .tooManyDownloads(limit: Self.limits.running, retryAfter: 60)
        }
        let download = download()
        var job = Job(id: id, name: name)
        job.stop = download.cancel
        job.end = Task { await follow(download, id) }
        jobs.append(job)
        if jobs.count > Self.limits.jobs, let oldest = jobs.firstIndex(where: { $0.state != .downloading }) {
          jobs.remove(at: oldest)
        }
        return job
      }
    }

    private func follow(_ download: EventStream<DownloadEvent>, _ id: String) async {
      do {
        for try await event in download {
          change(id) { job in
            switch event {
            case .progress(let progress):
              job.arrivedByteCount = progress.arrivedByteCount
              job.totalByteCount = progress.totalByteCount
              job.bytesPerSecond = progress.bytesPerSecond
              job.timeLeft = progress.timeLeft
            case .finished(let model):
              job.state = .completed
              job.arrivedByteCount = model.byteCount
              job.totalByteCount = model.byteCount
            }
          }
        }
      } catch {
        // Whoever goes on with it finds the file free, and everything that came noted.
        await download.task.value
        change(id) { job in
          if error is CancellationError {
            job.state = .paused
          } else {
            job.state = .failed
            job.problem = "\(error)"
          }
        }
      }
      change(id) { $0.completedAt = Date() }
    }

    private func change(_ id: String, _ body: (inout Job) -> Void) {
      jobs.withLock { jobs in
        if let index = jobs.firstIndex(where: { $0.id == id }) { body(&jobs[index]) }
      }
    }
  #endif
}

extension APIService {
  /// `POST /api/v1/models/download`.
  ///
  /// - Throws: ``ServerError``, `JSONError` with a parameter's path.
  package func downloadModel(_ body: [UInt8]) async throws -> JSONValue {
    #if Downloads
      let library = try hostOfModels().library
      let request = try JSONField.body(body)
      let text = try request.required("model").string()
      let quantization = try request.text("quantization")
      if let quantization, !library.allows(quantization: quantization, of: text) {
        throw ServerError.invalid(
          parameter: "quantization",
          problem: "'\(text)' has no file that is stored as '\(quantization)'; leave out one of the two, or "
            + "give a name such as Q8_0")
      }
      let name = library.downloadName(of: text, quantization: quantization)
      do throws(ModelLibraryError) {
        // A path is no name here.
        if case .available(let model) = try library.state(of: name ?? text), model.source != .file {
          return ["status": "already_downloaded", "total_size_bytes": .integer(model.byteCount)]
        }
      } catch { throw ServerError.invalid(parameter: "model", problem: "\(error)") }
      guard let name else {
        throw ServerError.invalid(parameter: "model", problem: "\(ModelLibraryError.invalidName(text))")
      }
      return try downloads.begin(name, id: identifiers.make("job_")) { library.download(name) }.json
    #else
      throw ServerError.unsupported(parameter: "model", what: "this build downloads nothing")
    #endif
  }

  /// `GET /api/v1/models/download/status/{id}`.
  ///
  /// - Throws: ``ServerError/unknownJob(_:)``.
  package func downloadState(_ id: String) throws(ServerError) -> JSONValue {
    guard let job = downloads.job(id) else { throw .unknownJob(id) }
    return job.json
  }

  /// `DELETE /api/v1/models/download/status/{id}`, which is this server's own: stops a download, and answers
  /// when it has stopped. One that has ended stays as it is.
  ///
  /// - Throws: ``ServerError/unknownJob(_:)``.
  package func stopDownload(_ id: String) async throws(ServerError) -> JSONValue {
    guard let job = await downloads.stop(id) else { throw .unknownJob(id) }
    return job.json
  }
}

extension DownloadJobs.Job {
  /// What the API tells of it.
  package var json: JSONValue {
    var json: JSONValue = [
      "job_id": .string(id), "status": .string(state.rawValue), "total_size_bytes": .integer(totalByteCount),
      "downloaded_bytes": .integer(arrivedByteCount), "started_at": .string(startedAt.formatted(.iso8601)),
    ]
    if state == .downloading {
      if let bytesPerSecond { json = json.adding(["bytes_per_second": .integer(Int(bytesPerSecond))]) }
      if let timeLeft {
        let end = Date() + timeLeft / .seconds(1)
        json = json.adding(["estimated_completion": .string(end.formatted(.iso8601))])
      }
    }
    if let completedAt { json = json.adding(["completed_at": .string(completedAt.formatted(.iso8601))]) }
    if let problem { json = json.adding(["error": .string(problem)]) }
    return json
  }
}
