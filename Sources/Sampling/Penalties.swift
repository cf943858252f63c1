/// Which tokens stand in the text so far, as far back as the penalties look, and what that costs them.
struct Penalties: Sendable {
  private let repetition: Float
  private let frequency: Float
  private let presence: Float
  private let window: Int?

  private struct Entry {
    let token: Int
    let isGenerated: Bool
  }

  private struct Occurrences {
    var seen = 0
    var generated = 0
  }

  /// The last `window` tokens as a ring whose oldest entry is `oldest`; unused without a window.
  private var recent: [Entry] = []
  private var oldest = 0
  private var occurrences: [Int: Occurrences] = [:]

  init(_ options: SamplingOptions) {
    repetition = options.repetitionPenalty
    frequency = options.frequencyPenalty
    presence = options.presencePenalty
    window = options.penaltyWindow
  }

  /// Whether they change anything.
  var isActive: Bool {
    window != 0 && (repetition != 1 || frequency != 0 || presence != 0)
  }

  /// Takes note of a token; the one that leaves the window is forgotten.
  mutating func accept(_ token: Int, isGenerated: Bool) {
    guard isActive else { return }
    if let window {
      let entry = Entry(token: token, isGenerated: isGenerated)
      if recent.count < window {
        recent.append(entry)
      } else {
        forget(recent[oldest])
        recent[oldest] = entry
        oldest = (oldest + 1) % window
      }
    }
    occurrences[token, default: Occurrences()].seen += 1
    if isGenerated { occurrences[token, default: Occurrences()].generated += 1 }
  }

  private mutating func forget(_ entry: Entry) {
    guard var count = occurrences[entry.token] else { return }
    count.seen -= 1
    if entry.isGenerated { count.generated -= 1 }
    occurrences[entry.token] = count.seen > 0 ? count : nil
  }

  /// Lowers the logits of the tokens seen.
  func apply(to candidates: inout Candidates) {
    for (token, count) in occurrences {
      candidates.adjust(token) { logit in
        let divided = logit > 0 ? logit / repetition : logit * repetition
        guard count.generated > 0 else { return divided }
        return divided - Float(count.generated) * frequency - presence
      }
    }
  }
}
