#if Downloads
  import GPTOSS
  import GPTOSSModelLibrary
  import GPTOSSPlatform
  import GPTOSSServer
  import Testing

  /// Breaks when a download cannot be stopped or gone on with, or when there is no end to how many run.
  struct DownloadJobsTests {
    /// One that goes on until it is stopped.
    private func endless() -> EventStream<DownloadEvent> {
      EventStream { _ in
        try await Task.sleep(for: .seconds(600))
        throw ModelLibraryError.invalidName("600 s are over")
      }
    }

    @Test func whatIsStoppedCanBeGoneOnWith() async throws {
      let jobs = DownloadJobs()
      #expect(try jobs.begin("o/r", id: "a", endless).json["status"] == "downloading")
      #expect(try jobs.begin("o/r", id: "b", endless).id == "a", "the same download is one job")
      #expect(await jobs.stop("a")?.json["status"] == "paused")
      let state = try #require(jobs.job("a")?.json)
      #expect(state["status"] == "paused" && state["error"] == nil && state["job_id"] == "a")
      #expect(await jobs.stop("a")?.json["status"] == "paused", "a second time changes nothing")
      let next = try jobs.begin("o/r", id: "c", endless)
      #expect(next.id == "c" && next.json["status"] == "downloading")
      _ = await jobs.stop("c")
    }

    /// Whoever goes on with a download must not meet the one that was stopped.
    @Test func stoppingWaitsForTheWork() async throws {
      let jobs = DownloadJobs()
      let hasEnded = Locked(false)
      _ = try jobs.begin("o/r", id: "a") {
        EventStream { _ in
          do { try await Task.sleep(for: .seconds(600)) } catch {
            // What has arrived is noted, cancelled or not.
            await Task.detached { for _ in 0..<100 { await Task.yield() } }.value
            hasEnded.withLock { $0 = true }
          }
          throw CancellationError()
        }
      }
      _ = await jobs.stop("a")
      #expect(hasEnded.withLock { $0 })
    }

    @Test func whatHasEndedStaysAsItIs() async throws {
      let jobs = DownloadJobs()
      _ = try jobs.begin("o/r", id: "a") { EventStream { _ in throw ModelLibraryError.invalidName("o/r") } }
      while jobs.job("a")?.json["status"] == "downloading" { await Task.yield() }
      let stopped = try #require(await jobs.stop("a")?.json)
      #expect(stopped["status"] == "failed" && stopped["error"] != nil)
      #expect(await jobs.stop("nobody") == nil)
    }

    @Test func fourRunAtATime() async throws {
      let jobs = DownloadJobs()
      for number in 0..<4 { _ = try jobs.begin("o/\(number)", id: "\(number)", endless) }
      let error = #expect(throws: ServerError.self) { try jobs.begin("o/4", id: "4", endless) }
      #expect(error == .tooManyDownloads(limit: 4, retryAfter: 60))
      #expect(error?.status == 429)
      #expect(error.map { "\($0)" }?.hasPrefix("4 downloads are already running") == true)
      _ = await jobs.stop("2")
      #expect(try jobs.begin("o/4", id: "4", endless).json["status"] == "downloading")
      for id in ["0", "1", "3", "4"] { _ = await jobs.stop(id) }
    }
  }
#endif
