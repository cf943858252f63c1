#if Downloads
  import Synchronization

  /// How far a download is.
  public struct DownloadProgress: Sendable, Hashable {
    /// What is being done.
    public var phase: Phase
    /// Bytes of the model that have arrived.
    public var arrivedByteCount: Int
    /// Bytes of the model; 0 before they are known.
    public var totalByteCount: Int
    /// Bytes per second over the last seconds; nil before there is anything to tell.
    public var bytesPerSecond: Double?

    /// What a download is doing.
    public enum Phase: Sendable, Hashable {
      /// Asking the Hub.
      case asking
      /// Reading the headers, which tell whether the model will run.
      case readingHeader
      /// Bringing the file.
      case downloading
      /// Another process is downloading the same file: its progress is shown, and its result is used.
      case waiting
      /// Computing the last of the file's hash.
      case verifying
    }

    /// The share that has arrived, 0 to 1.
    public var share: Double {
      totalByteCount == 0 ? 0 : Double(arrivedByteCount) / Double(totalByteCount)
    }

    /// The time that is left at this rate; nil before a rate is known.
    public var timeLeft: Duration? {
      guard let bytesPerSecond, bytesPerSecond > 0 else { return nil }
      return .seconds(Double(totalByteCount - arrivedByteCount) / bytesPerSecond)
    }
  }

  /// What happens during a download.
  public enum DownloadEvent: Sendable {
    /// It goes on; some times per second.
    case progress(DownloadProgress)
    /// The model is there: the last event.
    case finished(LibraryModel)
  }

  /// Counts what arrives, and reports it at most ten times per second.
  final class DownloadMeter: Sendable {
    private struct State {
      var progress = DownloadProgress(phase: .asking, arrivedByteCount: 0, totalByteCount: 0)
      /// Moments of the last seconds, and what had arrived.
      var samples: [(moment: ContinuousClock.Instant, byteCount: Int)] = []
      var nextReport = ContinuousClock.now
    }
    private let state = Mutex(State())
    private let report: @Sendable (DownloadProgress) -> Void
    private static let interval = Duration.milliseconds(100)
    private static let window = Duration.seconds(10)

    init(_ report: @escaping @Sendable (DownloadProgress) -> Void) { self.report = report }

    /// Begins a phase of a model of this size, of which so much is there already.
    func begin(_ phase: DownloadProgress.Phase, arrived: Int, total: Int) {
      let progress = state.withLock { state in
        if phase != state.progress.phase { state.samples = [] }
        state.progress = DownloadProgress(
          phase: phase, arrivedByteCount: arrived, totalByteCount: total,
          bytesPerSecond: state.progress.bytesPerSecond)
        return state.progress
      }
      report(progress)
    }

    /// Bytes have arrived.
    func add(_ byteCount: Int) {
      let due = state.withLock { state -> DownloadProgress? in
        let now = ContinuousClock.now
        state.progress.arrivedByteCount += byteCount
        guard now >= state.nextReport else { return nil }
        state.nextReport = now + Self.interval
        state.samples.append((now, state.progress.arrivedByteCount))
        state.samples.removeAll { now - $0.moment > Self.window }
        if let first = state.samples.first, now > first.moment {
          state.progress.bytesPerSecond =
            Double(state.progress.arrivedByteCount - first.byteCount) / ((now - first.moment) / .seconds(1))
        }
        return state.progress
      }
      if let due { report(due) }
    }

    /// The last of a file's hash is computed.
    func verify(_ file: String) {
      let progress = state.withLock { state in
        state.progress.phase = .verifying
        return state.progress
      }
      report(progress)
    }
  }
#endif
