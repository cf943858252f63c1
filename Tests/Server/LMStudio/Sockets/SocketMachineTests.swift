import GPTOSSJSON
import GPTOSSServer
import Testing

/// Breaks when a client could wait for ever, or gets a frame that the TypeScript SDK takes for a mistake.
struct SocketMachineTests {
  /// JavaScript writes half a surrogate pair where it has cut a text within a character.
  @Test func halfACharacterIsReplaced() throws {
    let frame =
      #"{"type":"rpcCall","endpoint":"tokenize","callId":1,"parameter":{"inputString":"a\ud83d\u0062"}}"#
    guard case .call(1, "tokenize", let parameter) = try ClientMessage(Array(frame.utf8)) else {
      Issue.record("it is a call")
      return
    }
    #expect(parameter.value["inputString"] == "a\u{FFFD}b")
  }

  /// Whoever waits for an answer gets one, also to what cannot be read.
  @Test func whatCannotBeReadIsAnswered() {
    var machine = SocketMachine.open
    let deep = String(repeating: "[", count: 200)
    for (head, type) in [
      (#"{"type":"rpcCall","endpoint":"x","callId":7,"parameter":"#, "rpcError"),
      (#"{"type":"channelCreate","endpoint":"x","channelId":7,"creationParameter":"#, "channelError"),
      (#"{"type":"channelSend","channelId":7,"message":"#, "communicationWarning"),
    ] {
      let actions = machine.take(head + deep)
      guard case .send(let json)? = actions.first, actions.count == 1 else {
        Issue.record("\(head): \(actions)")
        continue
      }
      #expect(
        json["type"]?.stringValue == type && (type == "communicationWarning" || json.text.contains("7")))
    }
  }

  @Test func theFirstFrameDecides() throws {
    var machine = SocketMachine { $0.passkey == "good" ? nil : "no" }
    let python = "e20df735-dc86-4f1c-b557-f1f108596565"
    for (identifier, error) in [(python, ["title": "no"] as JSONValue), ("guest:abc", "no")] {
      var machine = machine
      let actions = machine.take(
        #"{"authVersion":1,"clientIdentifier":"\#(identifier)","clientPasskey":"bad"}"#)
      #expect(actions.frames == [["success": false, "error": error]])
      #expect(actions.isClosing)
      #expect(machine.take(#"{"type":"rpcCall","endpoint":"listLoaded","callId":1}"#).isEmpty)
    }
    for other in ["", "[]", "{}", #"{"type":"rpcCall","endpoint":"x","callId":1}"#, #"{"authVersion":1}"#] {
      var machine = machine
      #expect(machine.take(other).isClosing, "\(other)")
    }
    #expect(
      machine.take(#"{"authVersion":1,"clientIdentifier":"a","clientPasskey":"good"}"#).frames == [
        ["success": true]
      ])
  }

  @Test func everyChannelEndsOnce() throws {
    var machine = SocketMachine.open
    let work = try #require(machine.take(create(0)).works.first)
    #expect(machine.take(create(0)).frames.map { $0["type"] } == ["communicationWarning"], "it is open")
    #expect(machine.message(["type": "x"], from: work.number)?["channelId"] == 0)
    #expect(machine.finish(work.number) == ["type": "channelClose", "channelId": 0])
    #expect(machine.message(["type": "x"], from: work.number) == nil, "nothing follows the end")
    #expect(machine.finish(work.number) == nil)
    #expect(machine.fail(work.number, SocketFault("late")) == nil)
    #expect(machine.take(cancel(0)).isEmpty, "a cancel of what is over is ignored")
    let again = try #require(machine.take(create(0)).works.first)
    #expect(again.number != work.number)
    #expect(machine.message(["type": "x"], from: work.number) == nil, "the first one's work is another's")
    let error = machine.fail(again.number, SocketFault("broken"))
    #expect(error?["error"] == ["title": "broken", "rootTitle": "broken"])
    #expect(machine.finish(again.number) == nil, "an error is not followed by a close")
  }

  /// TypeScript counts both with one counter, Python with two.
  @Test func channelsAndCallsHaveIdsOfTheirOwn() throws {
    var machine = SocketMachine.open
    let channel = try #require(machine.take(create(5)).works.first)
    let call = try #require(
      machine.take(#"{"type":"rpcCall","endpoint":"unloadModel","callId":5.0,"parameter":null}"#).works.first)
    #expect(channel.isChannel && !call.isChannel && machine.openCount == 2)
    #expect(machine.finish(call.number) == ["type": "rpcResult", "callId": 5], "no result is no field")
    #expect(machine.finish(channel.number)?["channelId"] == 5)
  }

  @Test func channelsAreLimited() throws {
    var machine = SocketMachine.open
    for id in 0..<SocketMachine.channelLimit { #expect(machine.take(create(id)).works.count == 1) }
    #expect(machine.take(create(9999)).frames.map { $0["type"] } == ["channelError"])
    #expect(machine.take(#"{"type":"rpcCall","endpoint":"x","callId":1}"#).works.count == 1)
    #expect(machine.abandon().count == SocketMachine.channelLimit + 2, "all are broken off, and the end")
    #expect(machine.openCount == 0)
  }

  @Test func whatIsNotKnownIsAnsweredOrIgnored() throws {
    var machine = SocketMachine.open
    #expect(machine.take(#"{"type":"keepAlive"}"#).frames == [["type": "keepAliveAck"]])
    #expect(machine.take(#"{"type":"signalSubscribe","subscribeId":3}"#).frames[0]["type"] == "signalError")
    #expect(machine.take(#"{"type":"somethingNew","x":1}"#).isEmpty)
    #expect(machine.take(#"{"type":"channelSend","channelId":77,"message":{"type":"cancel"}}"#).isEmpty)
    #expect(
      machine.take(#"{"type":"rpcCall","callId":"x"}"#).frames.map { $0["type"] } == ["communicationWarning"])
    #expect(machine.take("nonsense").frames.map { $0["type"] } == ["communicationWarning"])
    for _ in 0..<100 { _ = machine.take(#"{"type":"communicationWarning","warning":"w"}"#) }
    #expect(machine.take(#"{"type":"communicationWarning","warning":"w"}"#).isEmpty, "the log is not filled")
  }

  @Test func quietChannelsRepeatTheirProgress() throws {
    var machine = SocketMachine.open
    let work = try #require(machine.take(create(1)).works.first)
    let later = ContinuousClock.now + .seconds(20)
    #expect(machine.repeatedProgress(of: work.number, quietFor: .seconds(10), now: later) == nil)
    _ = machine.message(["progress": 0.5], from: work.number, isProgress: true)
    #expect(machine.repeatedProgress(of: work.number, quietFor: .seconds(10)) == nil, "it was said just now")
    let repeated = machine.repeatedProgress(of: work.number, quietFor: .seconds(10), now: later)
    #expect(repeated?["message"] == ["progress": 0.5])
  }

  @Test func recordedFramesAreUnderstood() throws {
    let frames = try ClientFrame.recorded()
    #expect(Set(frames.map(\.sdk)) == ["python", "js", "js-head"])
    var machine = SocketMachine.open
    for frame in frames {
      let message = try ClientMessage(frame.bytes)
      if case .other(let type) = message { Issue.record("\(frame.sdk), \(frame.name): \(type)") }
      for work in machine.take(.success(message)).works { _ = machine.finish(work.number) }
    }
    #expect(machine.openCount == 0)
  }

  private func create(_ id: Int) -> String {
    #"{"type":"channelCreate","endpoint":"predict","channelId":\#(id),"creationParameter":{}}"#
  }

  private func cancel(_ id: Int) -> String {
    #"{"type":"channelSend","channelId":\#(id),"message":{"type":"cancel"}}"#
  }
}

/// Keys that travel in the first frame.
struct SocketKeyTests {
  @Test func keysOfTheSDKsFormAreShown() throws {
    let key = try #require(SocketKey("sk-lm-AbCdEfGh:0123456789abcdefghij"))
    typealias Credentials = ClientMessage.Credentials
    #expect(key.isShown(by: Credentials(identifier: "AbCdEfGh", passkey: "0123456789abcdefghij")))
    #expect(!key.isShown(by: Credentials(identifier: "AbCdEfGh", passkey: "0123456789abcdefghi")))
    #expect(!key.isShown(by: Credentials(identifier: "guest:AbCdEfGh", passkey: "0123456789abcdefghij")))
    #expect(SocketKey("secret") == nil && SocketKey("sk-lm-x") == nil)
  }
}

extension SocketMachine {
  /// A machine whose client has been let in.
  fileprivate static var open: SocketMachine {
    var machine = SocketMachine { _ in nil }
    _ = machine.take(ClientFrame.authentication)
    return machine
  }

  fileprivate mutating func take(_ text: String) -> [Action] {
    take(ClientMessage.read(Array(text.utf8)))
  }
}

extension [SocketMachine.Action] {
  fileprivate var frames: [JSONValue] { compactMap { if case .send(let json) = $0 { json } else { nil } } }
  fileprivate var works: [SocketMachine.Work] {
    compactMap { if case .begin(let work) = $0 { work } else { nil } }
  }
  fileprivate var isClosing: Bool { contains { if case .close = $0 { true } else { false } } }
}
