import GPTOSS
import GPTOSSModel
import GPTOSSModelLibrary

/// A model that a host holds, from the decision to load it until its memory is given back.
struct Slot {
  /// Tells it from all others that there were.
  let number: Int
  let identifier: String
  let model: LibraryModel
  let memory: MemoryEstimate
  let isKept: Bool
  let idleTime: Duration?
  /// Ends when the model is loaded or has failed to.
  let loading: Task<Result<LanguageModel, HostingError>, Never>
  /// The share that has been loaded, 0 to 1.
  var loadedShare = 0.0
  /// Those who want to know how far it is loaded.
  var observers: [LoadingObserver]
  /// Nil before it is loaded.
  var loaded: LanguageModel?
  /// Those who use it, and those who wait for it to be loaded.
  var useCount = 1
  var lastUse = ContinuousClock.now
  var isLeaving = false
  /// Unloads it after the idle time.
  var timer: Task<Void, Never>?
  /// Gives its memory back.
  var departure: Task<Void, Never>?
  /// Those who wait for its memory to be given back.
  var waiting: [CheckedContinuation<Void, Never>] = []

  /// Whether nobody wants what is being loaded any more: it ends at its next step.
  var isAbandoned: Bool { isLeaving && useCount == 0 && loaded == nil && departure == nil }

  /// Whether it gives its memory to a model that needs it.
  var makesRoom: Bool { !isKept && !isLeaving && useCount == 0 && loaded != nil }

  var instance: ModelInstance {
    ModelInstance(
      number: number, identifier: identifier, model: model, memory: memory,
      state: isLeaving ? .unloading : loaded == nil ? .loading : .loaded, loadedShare: loadedShare,
      isKept: isKept, useCount: useCount, idleTime: idleTime, unused: useCount == 0 ? .now - lastUse : nil,
      information: loaded?.information)
  }
}

/// The models that a host holds. Plain bookkeeping: whoever changes it does the work.
struct Slots {
  private(set) var all: [Slot] = []
  private var count = 0

  /// A number that no slot has had.
  mutating func nextNumber() -> Int {
    count += 1
    return count
  }

  mutating func append(_ slot: Slot) { all.append(slot) }

  /// Changes the slot of a number; nil if it is gone.
  @discardableResult
  mutating func change<Value>(_ number: Int, _ body: (inout Slot) -> Value) -> Value? {
    guard let index = all.firstIndex(where: { $0.number == number }) else { return nil }
    return body(&all[index])
  }

  mutating func remove(_ number: Int) -> Slot? {
    all.firstIndex { $0.number == number }.map { all.remove(at: $0) }
  }

  /// The slot of an identifier, unless it is being unloaded.
  func slot(identifier: String) -> Slot? {
    all.first { !$0.isLeaving && $0.identifier == identifier }
      ?? all.first { !$0.isLeaving && $0.identifier.lowercased() == identifier.lowercased() }
  }

  /// The identifiers that mean a model, those of models that are being unloaded left out.
  var identifiers: [String] { all.filter { !$0.isLeaving }.map(\.identifier) }

  /// The slot of a number, unless it is being unloaded.
  func slot(number: Int) -> Slot? { all.first { !$0.isLeaving && $0.number == number } }

  /// A slot that holds a file, unless it is being unloaded.
  func slot(path: String) -> Slot? { all.first { !$0.isLeaving && $0.model.path == path } }

  /// `name`, `name:2` and so on, the first that is free.
  func freeIdentifier(_ name: String) -> String {
    guard slot(identifier: name) != nil else { return name }
    // There are fewer slots than numbers.
    let number = (2...all.count + 2).first { slot(identifier: "\(name):\($0)") == nil }
    return "\(name):\(number ?? all.count + 2)"
  }

  /// What has to leave for a model of a size. What is on its way out needs no room any more.
  ///
  /// - Returns: the numbers of the slots, those first that went unused for longest; or how much is missing
  ///   even without all that make room.
  func room(for byteCount: Int, limit: Int) -> (leaving: [Int], missing: Int) {
    let staying = all.filter { $0.departure == nil && !$0.isAbandoned }
    var missing = staying.reduce(byteCount) { $0 + $1.memory.total } - limit
    var leaving: [Int] = []
    for slot in staying.filter(\.makesRoom).sorted(by: { $0.lastUse < $1.lastUse }) where missing > 0 {
      leaving.append(slot.number)
      missing -= slot.memory.total
    }
    return (leaving, max(0, missing))
  }
}
