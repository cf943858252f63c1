import GPTOSSHarmony
import Testing

/// Which reasoning stays.
///
/// Messages are written as letters: U user, A analysis, C call on `commentary`, P call on `analysis`, T
/// tool's result, F final, K preamble.
@Suite struct HistoryTests {
  @Test(arguments: [
    ("UAF", "UF", "UAF", "the last answer is final; for a tool loop the turn is the current one"),
    ("UAFU", "UFU", "UFU", "a turn that is over"),
    ("UAFUAF", "UFUAF", "UFUAF", "the reference drops what stands before the first final alone"),
    ("UAFUAFU", "UFUAFU", "UFUFU", "and keeps the second turn's reasoning"),
    ("UAC", "UAC", "UAC", "a call is under way"),
    ("UACT", "UACT", "UACT", "the model is about to read a result: it needs what it thought"),
    ("UACTACT", "UACTACT", "UACTACT", "two rounds of a loop"),
    ("UAFUACT", "UAFUACT", "UFUACT", "the reference keeps the first turn too while a call is under way"),
    ("UACTAFU", "UCTFU", "UCTFU", "calls and results of earlier turns stay"),
    ("UAPTAFU", "UTFU", "UPTFU", "a call on analysis: the reference drops it and keeps its result"),
    ("UAKCTFU", "UKCTFU", "UKCTFU", "preambles stay"),
    ("UAU", "UAU", "UU", "a turn that the user broke off"),
    ("AF", "F", "AF", "no user message at all"),
    ("", "", "", "nothing"),
  ])
  func retained(_ letters: String, reference: String, currentTurn: String, reason: Comment) {
    let messages = letters.map(Self.message)
    func left(_ history: History) -> String {
      String(history.retained(of: messages).map { Self.letter(of: $0) })
    }
    #expect(left(.everything) == letters, reason)
    #expect(left(.reference) == reference, reason)
    #expect(left(.currentTurn) == currentTurn, reason)
  }

  private static func message(_ letter: Character) -> Message {
    switch letter {
    case "A": Message(.assistant, "A", channel: .analysis)
    case "C": Message(.assistant, "C", channel: .commentary, recipient: "functions.f")
    case "P": Message(.assistant, "P", channel: .analysis, recipient: "python")
    case "T": .toolResult("T", from: "functions.f")
    case "F": Message(.assistant, "F", channel: .final)
    case "K": Message(.assistant, "K", channel: .commentary)
    default: Message(.user, "U")
    }
  }

  private static func letter(of message: Message) -> Character { message.text.first ?? "?" }
}
