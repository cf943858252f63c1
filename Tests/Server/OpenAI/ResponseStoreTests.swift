import GPTOSSHarmony
import GPTOSSJSON
import GPTOSSServer
import Testing

/// Breaks when answers are kept longer, or in greater number, than the limits say.
struct ResponseStoreTests {
  private let entry = ResponseStore.Entry(
    response: ["id": "x"], conversation: [["id": "msg", "type": "message"]])

  @Test func keepsAndForgets() {
    let store = ResponseStore()
    store.keep("a", entry)
    #expect(store.entry("a")?.response == ["id": "x"])
    #expect(store.items(["msg"])["msg"]?["type"] == "message")
    #expect(store.remove("a"))
    #expect(!store.remove("a"))
    #expect(store.entry("a") == nil && store.items(["msg"]).isEmpty)
  }

  @Test func theOldestGoesFirst() {
    let store = ResponseStore(count: 2)
    for id in ["a", "b", "c"] { store.keep(id, entry) }
    #expect(store.entry("a") == nil)
    #expect(store.entry("b") != nil && store.entry("c") != nil)
  }

  @Test func bytesAreBounded() {
    let size = entry.byteCount
    let store = ResponseStore(byteCount: 2 * size)
    for id in ["a", "b", "c"] { store.keep(id, entry) }
    #expect(store.entry("a") == nil && store.entry("c") != nil)
    let small = ResponseStore(byteCount: size - 1)
    small.keep("a", entry)
    #expect(small.entry("a") == nil)
    // Many small values take more than their text.
    let nested = JSONValue.array(Array(repeating: .array([.array([])]), count: 1000))
    #expect(ResponseStore.Entry(response: nested, conversation: []).byteCount > 100_000)
  }

  /// The youngest item of an id counts, and a reference is none.
  @Test func referencesAreNotFound() {
    let store = ResponseStore()
    store.keep("a", entry)
    store.keep(
      "b", ResponseStore.Entry(response: [:], conversation: [["type": "item_reference", "id": "msg"]]))
    #expect(store.items(["msg", "other"]) == ["msg": ["id": "msg", "type": "message"]])
  }

  @Test func oldAnswersGo() {
    let store = ResponseStore(age: .seconds(10))
    let start = ContinuousClock.now
    store.keep("a", entry, now: start)
    #expect(store.entry("a", now: start + .seconds(10)) != nil)
    #expect(store.entry("a", now: start + .seconds(11)) == nil)
  }
}
