import GPTOSSPlatform
import Testing

/// Breaks when a message names another user than the system does.
struct UserNameTests {
  @Test func namesAndNumbers() {
    #expect(userName(0) == "root")
    #expect(userName(3_999_999_999) == "3999999999")
  }
}
