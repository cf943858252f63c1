import GPTOSS
import GPTOSSJSON
import GPTOSSServer
import Testing

/// Eight sockets over one engine, with predictions that are stopped, questions, loads and clients that go.
///
/// Breaks when a channel stays open or ends twice; under the thread sanitizer, when anything is shared without
/// a lock.
@Suite(.timeLimit(.minutes(2)))
struct SocketConcurrencyTests {
  @Test func eightSocketsWithCancellations() async throws {
    let folder = try Models(["me/mine/mine"])
    let service = folder.sockets
    let first = TestClient(.llm, service)
    first.open("getOrLoad", ["identifier": "me/mine"], id: 0)
    _ = await first.messages(on: 0)
    await withTaskGroup { group in
      for number in 0..<8 {
        group.addTask { await use(TestClient(.llm, service), number) }
      }
    }
    #expect(folder.service.admission.counts == (0, 0), "all places are given back")
  }

  private func use(_ client: TestClient, _ number: Int) async {
    let query: JSONValue = ["type": "query", "query": ["identifier": "me/mine"]]
    let text: JSONValue = [["type": "text", "text": .string("Hello \(number)")]]
    let request: JSONValue = [
      "modelSpecifier": query, "history": ["messages": [["role": "user", "content": text]]],
      "predictionConfigStack": .stack([
        ("llm.prediction.maxPredictedTokens", ["checked": true, "value": 100])
      ]),
    ]
    for round in 0..<6 {
      client.open("predict", request, id: round)
      if round % 3 != 2 {
        if round % 3 == 1 {
          // It may have ended without a word.
          _ = await client.frame {
            $0["channelId"]?.intValue == round
              && ($0["message"]?["fragment"] != nil || TestClient.isEnd($0))
          }
        }
        client.send([
          "type": "channelSend", "channelId": .number(JSONNumber(round)), "message": ["type": "cancel"],
        ])
      }
      let count = await client.call("countTokens", ["specifier": query, "inputString": "a b"], id: round)
      #expect(count["result"]?["tokenCount"] != nil || count["error"] != nil)
      let messages = await client.messages(on: round)
      #expect(messages.last?["type"] == "success" || messages.last?["title"] != nil, "\(messages)")
    }
    #expect(client.frames(where: TestClient.isEnd).count == 6, "each channel ends once")
    // Who goes in the middle of an answer leaves nothing behind.
    client.open("predict", request, id: 99)
    client.session.end()
  }
}
