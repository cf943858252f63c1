package import GPTOSSHarmony
import GPTOSSTokenizer

/// Turns what a model generates into events and messages: pure, one token at a time.
package struct ResponseReader {
  private let encoding: HarmonyEncoding
  private let stopSequences: [String]
  private let reportsTokens: Bool
  private let reportsPreambles: Bool
  private var parser: TolerantParser
  private var finder: StopSequenceFinder
  private var cutter: MessageCutter
  private var tokens: [TokenID] = []
  private var callCount: Int
  /// Whether the next text begins a message after another that the user has seen.
  private var followsText: Bool
  private var hasTextInMessage = false
  /// Whether the message that is being read is a call that was announced.
  private var isCallOpen = false
  private var reasoning = ReasoningMeter()
  private var statistics = GenerationStatistics(stopReason: .maximumTokens, seed: 0)

  /// - Parameters:
  ///   - tools: full names of the tools that can be called.
  ///   - reportsTokens: whether the tokens of text for the user are events, too.
  ///   - reportsPreambles: whether text for the user that is not the answer is an event, too.
  ///   - firstCall: the number of the first call.
  ///   - followsText: whether the user has seen text before.
  package init(
    _ encoding: HarmonyEncoding, tools: [String], stopSequences: [String] = [], reportsTokens: Bool = false,
    reportsPreambles: Bool = true, firstCall: Int = 0, followsText: Bool = false
  ) {
    self.encoding = encoding
    self.stopSequences = stopSequences
    self.reportsTokens = reportsTokens
    self.reportsPreambles = reportsPreambles
    parser = TolerantParser(encoding: encoding, tools: tools)
    finder = StopSequenceFinder(stopSequences)
    cutter = MessageCutter(encoding)
    callCount = firstCall
    self.followsText = followsText
  }

  /// Takes an event of the generation.
  ///
  /// - Returns: what it means for the answer, and a reason to stop.
  package mutating func read(_ event: GenerationEvent) -> ([ResponseEvent], StopReason?) {
    switch event {
    case .prompt(let read, let total):
      return ([.prompt(read: read, total: total)], nil)
    case .token(let token):
      tokens.append(token.id)
      parser.process(token.id)
      let isText = parser.header?.purpose?.isForUser == true && parser.phase == .content
      // A token that ends within a character belongs to the text, although it completes none of it.
      let isOrdinary = encoding.tokenizer.vocabulary.specialTokenText(token.id) == nil
      let isReasoning = parser.header?.purpose == .reasoning && parser.phase == .content
      if !isReasoning { reasoning.pause() } else if isOrdinary { reasoning.count() }
      let report: [ResponseEvent] = reportsTokens && isText && isOrdinary ? [.token(token)] : []
      let (events, reason) = progress(isEnd: false)
      cutter.add(token.id, parser)
      return (report + events, reason)
    case .finished(_, let statistics):
      self.statistics = statistics
      if statistics.stopReason == .stopSequence {
        self.statistics.stopSequence = finder.found
        return ([], nil)
      }
      parser.finish()
      let events = progress(isEnd: true).0
      cutter.finish(parser)
      return (events, nil)
    }
  }

  /// What was written.
  package func written() -> WrittenRound {
    var cutter = cutter
    if parser.phase != .expectStart {
      var parser = parser
      parser.finish()
      cutter.finish(parser)
    }
    var messages = cutter.messages
    if statistics.stopReason == .stopSequence, let last = messages.popLast() {
      let kept = StopSequenceFinder.text(last.message.text, before: stopSequences)
      var message = last.message
      message.content = [.text(kept)]
      messages.append(WrittenMessage(message: message, tokens: nil))
    }
    return WrittenRound(
      messages: messages, tokens: tokens, repairs: parser.repairs, reasoning: reasoning,
      statistics: statistics)
  }

  /// What the parser's last step means.
  private mutating func progress(isEnd: Bool) -> ([ResponseEvent], StopReason?) {
    let purpose = parser.header?.purpose
    let hasEnded = parser.messages.count > cutter.reportedCount
    var events: [ResponseEvent] = []
    var reason: StopReason?
    switch purpose {
    case .reasoning:
      if let delta = parser.delta, !delta.isEmpty { events.append(.reasoning(delta)) }
    case .answer, .preamble:
      var (text, isFound) = finder.push(parser.delta ?? "")
      if !isFound, hasEnded || isEnd { text += finder.finish() }
      if !text.isEmpty, purpose == .answer || reportsPreambles {
        // As in ``Response/text``, which puts a line break between messages.
        if followsText, !hasTextInMessage { text = "\n" + text }
        (followsText, hasTextInMessage) = (true, true)
        events.append(.text(text))
      }
      if isFound { reason = .stopSequence }
    case .call:
      if !isCallOpen, let recipient = parser.header?.recipient {
        isCallOpen = true
        events.append(.toolCallStarted(index: callCount, name: recipient))
      }
      if let delta = parser.delta, !delta.isEmpty {
        events.append(.toolCallArguments(index: callCount, delta))
      }
    case nil: break
    }
    for message in parser.messages[cutter.reportedCount...] {
      guard let call = message.toolCall else { continue }
      // A call whose only token is its end was never announced.
      if !isCallOpen { events.append(.toolCallStarted(index: callCount, name: call.recipient)) }
      events.append(.toolCall(index: callCount, call))
      callCount += 1
      isCallOpen = false
    }
    if hasEnded {
      finder = StopSequenceFinder(stopSequences)
      hasTextInMessage = false
    }
    return (events, reason)
  }
}

extension Message.Purpose {
  /// Whether the user gets to see the message.
  var isForUser: Bool { self == .answer || self == .preamble }
}
