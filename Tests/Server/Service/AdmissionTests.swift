import GPTOSSServer
import Testing

/// Breaks when a request is served out of turn, a slot is lost, or the queue has no bound.
struct AdmissionTests {
  @Test func clientsTakeTurns() {
    var queue = FairQueue()
    for number in 0..<3 { queue.append(number, client: "a") }
    queue.append(3, client: "b")
    queue.append(4, client: "c")
    let order = (0..<5).map { _ in queue.popFirst() }
    #expect(order == [0, 3, 4, 1, 2])
    let nobody = queue.popFirst()
    #expect(nobody == nil)
  }

  @Test func whoeverLeavesTheQueueIsForgotten() {
    var queue = FairQueue()
    queue.append(0, client: "a")
    queue.append(1, client: "b")
    queue.append(2, client: "b")
    let removed = [0, 0, 1].map { queue.remove($0) }
    #expect(removed == [true, false, true])
    let next = queue.popFirst()
    #expect(next == 2 && queue.isEmpty)
  }

  @Test func aFullQueueIsBusy() throws {
    let admission = Admission(parallel: 2, queueLimit: 1)
    let places = try (0..<3).flatMap { _ in try admission.enter(client: "a") }
    #expect(admission.counts == (2, 1))
    #expect(throws: ServerError.busy(retryAfter: 1)) { try admission.enter(client: "b") }
    places[0].leave()
    #expect(admission.counts == (2, 0))
    _ = try admission.enter(client: "b")
    withExtendedLifetime(places) {}
  }

  @Test func aRequestTakesAllItsPlacesOrNone() throws {
    let admission = Admission(parallel: 2, queueLimit: 2)
    let places = try admission.enter(client: "a", count: 3)
    #expect(throws: ServerError.self) { try admission.enter(client: "b", count: 2) }
    #expect(admission.counts == (2, 1))
    withExtendedLifetime(places) {}
  }

  /// More choices than slots and queue together still get their turn when nobody else is there.
  @Test func anIdleServerTakesALargeRequest() throws {
    let admission = Admission(parallel: 1, queueLimit: 0)
    let places = try admission.enter(client: "a", count: 5)
    #expect(admission.counts == (1, 4))
    places.forEach { $0.leave() }
    #expect(admission.counts == (0, 0))
  }

  /// Breaks when one request may have as many generations as it likes, because nobody else is there.
  @Test func anIdleServerHasItsLimits() throws {
    let admission = Admission(parallel: 1, queueLimit: 0)
    #expect(throws: ServerError.self) { try admission.enter(client: "a", count: 129) }
    #expect(admission.counts == (0, 0))
    let places = try admission.enter(client: "a", count: 128)
    #expect(admission.counts == (1, 127))
    withExtendedLifetime(places) {}
  }

  @Test func aPlaceThatIsLetGoIsFree() throws {
    let admission = Admission(parallel: 1, queueLimit: 0)
    do { _ = try admission.enter(client: "a") }
    #expect(admission.counts == (0, 0))
  }

  @Test func waitingEndsWithASlotOrWithCancellation() async throws {
    let admission = Admission(parallel: 1, queueLimit: 2)
    let first = try admission.enter(client: "a")[0]
    let second = try admission.enter(client: "b")[0]
    let third = try admission.enter(client: "c")[0]
    try await first.waitForSlot()
    let waiting = [second, third].map { place in Task { try await place.waitForSlot() } }
    waiting[0].cancel()
    await #expect(throws: CancellationError.self) { try await waiting[0].value }
    first.leave()
    try await waiting[1].value
    #expect(admission.counts == (1, 0))
  }

  @Test func nobodyEntersWhileItStops() throws {
    let admission = Admission(parallel: 1, queueLimit: 1)
    admission.stop()
    #expect(throws: ServerError.stopping) { try admission.enter(client: "a") }
  }
}
