#if Downloads
  import GPTOSSHTTPClient

  /// What keeps a request from its answer, and may not the next time.
  struct Hindrance: Error {
    let fault: DownloadFault
    /// How long the server wants to be left alone.
    var retryAfter: Duration?

    init(fault: DownloadFault, retryAfter: Duration? = nil) {
      self.fault = fault
      self.retryAfter = retryAfter
    }

    /// What an error hinders; nil for one that will not go away.
    init?(_ error: any Error) {
      switch error {
      case let error as Hindrance: self = error
      case let error as HTTPClientError: self.init(fault: .connection("\(error)"))
      default: return nil
      }
    }
  }

  /// How often something is tried again, and after which pause: 0.5 s, 1 s, 2 s … 30 s, each shortened or
  /// lengthened by up to a quarter, so that not all who were refused come back at once.
  struct Patience {
    private var failureCount = 0
    private static let limit = 8
    /// How many connections may fail. Before anything has come of a download, there is probably no network, and
    /// who waits wants to know.
    private let connectionLimit: Int

    /// - Parameter isBeginning: whether nothing has come of the download yet.
    init(isBeginning: Bool = false) { connectionLimit = isBeginning ? 4 : Self.limit }

    /// Something has arrived: whatever failed before does not count any more.
    mutating func renew() { failureCount = 0 }

    /// Waits before the next try.
    ///
    /// - Throws: the error itself if it will not go away, the fault behind it after the last try;
    ///   `CancellationError`.
    mutating func wait(after error: any Error) async throws {
      guard let hindrance = Hindrance(error) else { throw error }
      failureCount += 1
      guard failureCount < limit(for: hindrance.fault) else { throw hindrance.fault }
      let pause = Duration.seconds(min(30, 0.25 * Double(1 << failureCount)))
      try await Task.sleep(for: hindrance.retryAfter ?? pause * Double.random(in: 0.75...1.25))
    }

    private func limit(for fault: DownloadFault) -> Int {
      if case .connection = fault { connectionLimit } else { Self.limit }
    }
  }

  /// Tries until it works or patience ends.
  ///
  /// - Parameter isBeginning: whether nothing has come of the download yet.
  func patiently<Result>(isBeginning: Bool = false, _ body: () async throws -> Result) async throws -> Result
  {
    var patience = Patience(isBeginning: isBeginning)
    while true {
      do { return try await body() } catch { try await patience.wait(after: error) }
    }
  }
#endif
