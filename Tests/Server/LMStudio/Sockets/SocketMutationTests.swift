import Foundation
import GPTOSS
import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSServer
import GPTOSSTokenizer
import Testing

/// Frames of real clients with bytes, values and fields changed at random, through whole sessions.
///
/// Breaks when a frame ends the process, a channel or a call is left open, or a socket ends because of one.
/// `GPTOSS_MUTATIONS` sets how many frames are tried.
struct SocketMutationTests {
  @Test func mutatedFramesEndNothing() async throws {
    let count = ProcessInfo.processInfo.environment["GPTOSS_MUTATIONS"].flatMap { Int($0) } ?? 2000
    var chance = Chance(state: 19)
    let model = ScriptedModel(
      script: [.prompt(read: 1, total: 1), .reasoning("r"), .text("t"), .end()], error: nil,
      tokenizer: try .bytes)
    let service = SocketService.scripted(model)
    let frames = try ClientFrame.recorded().filter { $0.message["authVersion"] == nil }
    // The scripted model is called x.
    let texts = frames.map { $0.message.text.replacing("openai/gpt-oss-20b", with: "x") }
    for start in stride(from: 0, to: count, by: 500) {
      let namespace = try #require(SocketNamespace.allCases.randomElement(using: &chance))
      // Most frames are about the engine.
      let client = TestClient(Bool.random(using: &chance) ? .llm : namespace, service)
      for _ in start..<min(start + 500, count) {
        var bytes = Array(try #require(texts.randomElement(using: &chance)).utf8)
        chance.mutate(&bytes)
        _ = client.session.receive(bytes)
      }
      let deadline = ContinuousClock.now + .seconds(300)
      // Channels that wait for their socket's end are the only ones that stay.
      while !client.session.isIdle, .now < deadline { try await Task.sleep(for: .milliseconds(2)) }
      #expect(client.session.isIdle, "work is left over")
      #expect(client.closed == nil, "the socket is over: \(client.closed ?? "")")
      for frame in client.frames { #expect(SDKShape.problems(of: frame).isEmpty, "\(frame.text)") }
    }
  }
}

/// Random numbers that are the same in each run.
private struct Chance: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
    return value ^ (value >> 31)
  }

  private static let pieces = [
    "null", "-1", "1e999", "\"\"", "[]", "{}", "true", "9223372036854775808", "\"cancel\"", "\"type\":",
    "\"predict\"", "\"getOrLoad\"", "{\"type\":\"query\",\"query\":{}}", "\u{0}", "\"\\ud800\"",
    "\"completeModeFormatting\"", "[[[[[[[[", "\"checked\":true,", "0.5",
  ]

  /// Changes a frame in one to four places.
  mutating func mutate(_ bytes: inout [UInt8]) {
    for _ in 0..<Int.random(in: 1...4, using: &self) where !bytes.isEmpty {
      let place = Int.random(in: 0..<bytes.count, using: &self)
      switch Int.random(in: 0..<6, using: &self) {
      case 0: bytes[place] = UInt8.random(in: 0...255, using: &self)
      case 1: bytes.remove(at: place)
      case 2: bytes.insert(contentsOf: (Self.pieces.randomElement(using: &self) ?? "").utf8, at: place)
      case 3: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1...40, using: &self)))
      case 4: replaceValue(&bytes, near: place)
      default:
        let from = Int.random(in: 0..<bytes.count, using: &self)
        bytes.insert(contentsOf: Array(bytes[from..<min(bytes.count, from + 30)]), at: place)
      }
    }
  }

  /// Puts something else in the place of what follows a colon, so that the frame stays JSON.
  private mutating func replaceValue(_ bytes: inout [UInt8], near place: Int) {
    guard let colon = bytes[place...].firstIndex(of: UInt8(ascii: ":")) else { return }
    let start = colon + 1
    let end = bytes[start...].firstIndex { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "}") } ?? bytes.count
    bytes.replaceSubrange(start..<end, with: (Self.pieces.randomElement(using: &self) ?? "").utf8)
  }
}
