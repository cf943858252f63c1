import GPTOSSRunner
import Testing

/// Lists of numbers on the command line. Breaks when a list is read as another one, or a wrong one is taken.
struct CountListTests {
  @Test(arguments: [("512", [512]), ("128,512", [128, 512]), ("0,64", [0, 64]), ("3,-1", [3, -1])])
  func lists(_ text: String, _ counts: [Int]) throws {
    #expect(try CountList(argument: text).counts == counts)
  }

  @Test(arguments: [
    "", ",", "128,", ",128", "1,,2", "1;2", "1 2", "1, 2", "1.5", "many", "0x10", "99999999999999999999",
    "1,99999999999999999999",
  ])
  func otherTexts(_ text: String) {
    #expect(throws: (any Error).self) { try CountList(argument: text) }
  }

  @Test(arguments: [([1], 1), ([0, 5], 0), ([3, 2, 1], 1)])
  func right(_ counts: [Int], _ lowest: Int) throws {
    try CountList(argument: counts.map(String.init).joined(separator: ",")).check("x", atLeast: lowest)
  }

  @Test(arguments: [([0], 1), ([0, 1], 1), ([-1], 0), ([1, 2, 1], 1), ([5, 5], 0)])
  func wrong(_ counts: [Int], _ lowest: Int) throws {
    let list = try CountList(argument: counts.map(String.init).joined(separator: ","))
    #expect(throws: (any Error).self) { try list.check("x", atLeast: lowest) }
  }
}
