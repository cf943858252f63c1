import GPTOSSServer
import Testing

/// Breaks when requests together take more memory than there is for them, or large ones keep small ones out.
struct BodyBudgetTests {
  @Test func bodiesStayWithinTheBudget() throws {
    let budget = BodyBudget(memory: 64 << 20)
    var holds: [BodyHold] = []
    func add(_ count: Int) throws {
      let hold = budget.hold()
      holds.append(hold)
      try hold.add(count)
    }
    // 1 MB, three quarters of which are for large bodies.
    #expect(budget.largestBody == 768 << 10)
    try add(700 << 10)
    #expect(throws: ServerError.memoryFull(retryAfter: 5)) { try add(100 << 10) }
    for _ in 0..<5 { try add(64 << 10) }
    #expect(throws: ServerError.memoryFull(retryAfter: 5)) { try add(10 << 10) }
    holds.removeFirst()
    try add(300 << 10)
    holds = []
    #expect(budget.usedBytes == 0)
  }

  @Test func bytesCountAsTheyCome() throws {
    let budget = BodyBudget(memory: 64 << 20)
    let hold = budget.hold()
    for _ in 0..<12 { try hold.add(64 << 10) }
    #expect(budget.usedBytes == budget.largestBody)
    #expect(throws: ServerError.self) { try hold.add(1) }
    #expect(budget.usedBytes == budget.largestBody, "what was refused is not held")
  }

  @Test func anExchangeKeepsItsBodyUntilItIsGone() throws {
    let budget = BodyBudget(memory: 0)
    do {
      let exchange = Exchange(client: "here")
      let hold = budget.hold()
      exchange.keep(hold)
      try hold.add(10)
      #expect(budget.usedBytes == 10)
      withExtendedLifetime(exchange) {}
    }
    #expect(budget.usedBytes == 0)
  }

  /// Even without memory the server is of use.
  @Test func aSmallRequestFitsAlways() throws { try BodyBudget(memory: 0).hold().add(64 << 10) }
}
