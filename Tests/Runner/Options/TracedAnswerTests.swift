import GPTOSS
import GPTOSSRunner
import Testing

/// The command that a trace's page shows. Breaks when it explains another answer than that of the page, or
/// when a shell reads something else in a prompt.
struct TracedAnswerTests {
  @Test func optionsAreThoseOfTheAnswer() {
    let plain = TracedAnswer(
      prompt: "What is MXFP4?", reasoning: nil, sampling: SamplingOptions(temperature: 0))
    #expect(
      plain.explainCommand(seed: nil, []) == "gptoss explain --prompt 'What is MXFP4?' --temperature=0.0")
    let sampling = SamplingOptions(
      temperature: 0.5, topK: 40, topP: 0.9, minP: 0.25, repetitionPenalty: 1.5, frequencyPenalty: -1,
      presencePenalty: 2, penaltyWindow: 64)
    let all = TracedAnswer(prompt: "x", reasoning: .high, maximumTokens: 20, sampling: sampling)
    #expect(
      all.explainCommand(seed: .max, ["--model", "a b.gguf", "--kernels", "portable"]) == """
        gptoss explain --prompt x --model 'a b.gguf' --kernels portable --reasoning high --max-tokens 20 \
        --temperature=0.5 --top-k=40 --top-p=0.9 --min-p=0.25 --seed=18446744073709551615 \
        --repetition-penalty=1.5 --frequency-penalty=-1.0 --presence-penalty=2.0 --penalty-window=64
        """)
    // The seed that was drawn comes before the one that was asked for, which is the same if there is one.
    let seeded = TracedAnswer(prompt: "x", reasoning: nil, sampling: SamplingOptions(seed: 7))
    #expect(seeded.explainCommand(seed: nil, []).hasSuffix(" --seed=7"))
  }

  /// What cannot be copied as it is comes from a file.
  @Test(arguments: [
    "-", "two\nlines", "\u{1B}[31m", "\u{202E}gpj.exe", String(repeating: "a", count: 401), "a\u{85}b",
  ])
  func promptsFromAFile(prompt: String) {
    let answer = TracedAnswer(prompt: prompt, reasoning: nil, sampling: SamplingOptions())
    #expect(answer.explainCommand(seed: 1, []) == "gptoss explain --prompt - --seed=1 < prompt.txt")
  }

  @Test func promptsAreQuoted() {
    let answer = TracedAnswer(
      prompt: "it's $(rm x) `y` \"z\" !!", reasoning: nil, sampling: SamplingOptions())
    #expect(answer.explainCommand(seed: nil, []) == #"gptoss explain --prompt 'it'\''s $(rm x) `y` "z" !!'"#)
  }
}
