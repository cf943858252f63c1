#if Server
  /// Where exchanges that have ended are told: to the log and to the metrics.
  struct ExchangeReport: Sendable {
    let log: RequestLog
    let metrics: Metrics

    /// Notes the end of an answer.
    func end(_ exchange: Exchange, status: Int, since start: ContinuousClock.Instant) {
      let record = exchange.end(status: status, seconds: (ContinuousClock.now - start) / .seconds(1))
      log.write(record)
      metrics.note(
        endpoint: Endpoint(of: record.path)?.rawValue ?? "other", status: record.status,
        seconds: record.seconds)
    }
  }
#endif
