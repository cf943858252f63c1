import GPTOSS
import GPTOSSRunner
import Testing

/// What /stats says. Breaks when an answer that was stopped is forgotten.
struct ChatStatisticsTests {
  @Test func answersThatWereStoppedCount() {
    var statistics = ChatStatistics()
    #expect(statistics.description == "nothing was answered yet")
    statistics.addStopped()
    #expect(statistics.description == "no whole answer yet, 1 stopped")
    statistics.add(GenerationStatistics(generatedTokens: 5, stopReason: .stopToken, seed: 7))
    #expect(statistics.description.contains("1 answer, 1 stopped, 5 tokens generated"))
    var whole = ChatStatistics()
    whole.add(GenerationStatistics(generatedTokens: 5, stopReason: .stopToken, seed: 7))
    #expect(whole.description.contains("1 answer, 5 tokens generated"))
  }
}
