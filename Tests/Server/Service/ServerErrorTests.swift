import Foundation
import GPTOSSServer
import Testing

struct ServerErrorTests {
  @Test func foundationSaysWhatTheErrorSays() {
    let error: any Error = ServerError.invalid(parameter: "messages[0]", problem: "it is empty")
    #expect(error.localizedDescription == "\(error)")
  }
}
