import GGUF
import GPTOSSKernels
import GPTOSSModel
import GPTOSSPlatform

/// What a model has read, on disk, so that another process need not read it again.
///
/// Off by default (``LoadOptions/cacheDirectory``). Everything that waits for the disk happens on a thread of
/// its own. Nothing that goes wrong here costs an answer: what cannot be read is read by the model, and what
/// cannot be written is not kept.
actor PrefixStore {
  /// Fewer positions than this are not worth a file, nor the reading of one.
  static let fewestPositions = 16
  /// Of more sequences that wait to be written, those that came first are not kept.
  private static let longestQueue = 8

  private let thread = ActorThread()
  private let folder: PrefixFolder
  private let log: @Sendable (String) -> Void
  private var tree: PrefixTree
  /// Whether the folder can be used; nil before it was looked at.
  private var isUsable: Bool?
  /// Whether it was told that the folder cannot be written.
  private var toldFailure = false
  /// The ids of which it was told that something else has the name of their file.
  private var toldOccupied: Set<UInt64> = []
  private nonisolated let queue = Locked(Queue())

  private struct Queue {
    var waiting: [PrefixDraft] = []
    var writing: Task<Void, Never>?
  }

  init(_ folder: PrefixFolder, log: @escaping @Sendable (String) -> Void) {
    self.folder = folder
    self.log = log
    tree = PrefixTree(root: folder.key)
  }

  nonisolated var unownedExecutor: UnownedSerialExecutor { thread.asUnownedSerialExecutor() }

  /// Looks at what is in the folder now: other processes write and remove, too.
  ///
  /// - Returns: whether the folder can be used.
  private func refresh() -> Bool {
    if isUsable == nil {
      do throws(PrefixFolderFault) {
        try folder.prepare()
        isUsable = true
      } catch {
        isUsable = false
        log("the cache folder \(folder.path.inert) cannot be used: \(error); nothing is kept")
      }
    }
    guard isUsable == true else { return false }
    let ids = folder.ids()
    for id in tree.ids.subtracting(ids) { tree.remove(id) }
    for id in ids.subtracting(tree.ids) {
      if let header = folder.open(id)?.header { tree.insert(header) }
    }
    return true
  }

  // MARK: Reading

  /// What is kept of a prompt's beginning.
  struct Recollection {
    /// The beginning as a sequence; nil if there is none of use.
    var sequence: CachedSequence?
    /// Where the prompt parts from what is kept.
    var parting: PromptParting
  }

  /// Reads what is kept of a prompt's beginning.
  ///
  /// - Parameters:
  ///   - prompt: the tokens.
  ///   - remembered: how many of them are remembered anyway.
  ///   - makeCache: makes an empty cache.
  func recall(
    _ prompt: [ReadToken], beyond remembered: Int, _ makeCache: @Sendable () -> KeyValueCache
  ) -> sending Recollection {
    // The last token's logits are wanted.
    let limit = prompt.count - 1
    guard limit >= remembered + Self.fewestPositions, refresh() else {
      return Recollection(parting: PromptParting(position: 0, isDifferent: false))
    }
    let match = tree.match(prompt, upTo: limit)
    guard match.end >= remembered + Self.fewestPositions else { return Recollection(parting: match.parting) }
    let cache = makeCache()
    let end = read(match.chain, into: cache, beyond: remembered)
    guard let end else { return Recollection(parting: match.parting) }
    let sequence = CachedSequence(cache, tokens: Array(prompt[..<end]))
    sequence.remember(end)
    return Recollection(sequence: sequence, parting: match.parting)
  }

  /// Puts files that follow one another into a cache, as far as they are whole.
  ///
  /// - Returns: how many positions the cache has now; nil if they are not of use.
  private func read(_ chain: [PrefixHeader], into cache: KeyValueCache, beyond remembered: Int) -> Int? {
    var whole: [PrefixHeader] = []
    for header in chain {
      guard !Task.isCancelled else { return nil }
      guard fill(cache, from: header) else { break }
      whole.append(header)
    }
    while let last = whole.popLast(), last.end >= remembered + Self.fewestPositions {
      guard let rings = rings(of: last) else { continue }
      cache.resume(at: last.end, rings: rings)
      folder.touch((whole + [last]).map(\.id))
      return last.end
    }
    return nil
  }

  /// Reads the full layers of a file.
  ///
  /// - Returns: whether it is whole.
  private func fill(_ cache: KeyValueCache, from header: PrefixHeader) -> Bool {
    guard let file = open(header) else { return false }
    let seed = header.seed
    for (number, positions) in header.pieces.enumerated() {
      guard let copies = file.piece(number, of: header, seed: seed) else {
        forget(header)
        return false
      }
      cache.fillFullLayers(copies, at: positions)
    }
    return true
  }

  private func rings(of header: PrefixHeader) -> [KeyValueCopy]? {
    guard let file = open(header) else { return nil }
    let rings = file.rings(of: header, seed: header.seed)
    if rings == nil { forget(header) }
    return rings
  }

  /// - Returns: nil if the file is gone.
  private func open(_ header: PrefixHeader) -> PrefixFile? {
    if let file = folder.open(header.id) { return file }
    tree.remove(header.id)
    return nil
  }

  /// Removes a file that is damaged.
  private func forget(_ header: PrefixHeader) {
    folder.remove(header.id)
    tree.remove(header.id)
  }

  // MARK: Writing

  /// Writes what a sequence has read, as soon as that can be. The sequence need not wait: it is copied piece by
  /// piece between passes, and if it has changed by then, it is not kept.
  nonisolated func keep(_ draft: PrefixDraft, from source: Inference) {
    queue.withLock { queue in
      queue.waiting.removeAll { $0.sequence === draft.sequence }
      queue.waiting.append(draft)
      if queue.waiting.count > Self.longestQueue { queue.waiting.removeFirst() }
      if queue.writing == nil { queue.writing = Task { await self.write(from: source) } }
    }
  }

  /// Waits until everything is written.
  nonisolated func finish() async {
    while let writing = queue.withLock(\.writing) { await writing.value }
  }

  private func write(from source: Inference) async {
    while let draft = nextDraft() {
      do throws(GGUFError.Reason) {
        try await write(draft, from: source)
        toldFailure = false
      } catch {
        if !toldFailure {
          log("the cache folder \(folder.path.inert) cannot be written: \(error.summary); nothing is kept")
        }
        toldFailure = true
      }
    }
  }

  private nonisolated func nextDraft() -> PrefixDraft? {
    queue.withLock { queue in
      if queue.waiting.isEmpty {
        queue.writing = nil
        return nil
      }
      return queue.waiting.removeFirst()
    }
  }

  /// Writes a file for every point of a sequence that has none, and is not too near to the one before it.
  private func write(_ draft: PrefixDraft, from source: Inference) async throws(GGUFError.Reason) {
    if isUsable == true { folder.makeAgain() }
    guard refresh() else { return }
    var chain = tree.match(draft.tokens, upTo: draft.tokens.count).chain
    defer { folder.touch(chain.map(\.id)) }
    for point in draft.points {
      let start = chain.last?.end ?? 0
      guard point.count >= start + Self.fewestPositions else { continue }
      let tokens = Array(draft.tokens[start..<point.count])
      guard PrefixHeader.allows(tokenCount: tokens.count) else { return }
      let header = PrefixHeader(
        parent: chain.last?.id ?? folder.key, start: start,
        promptCount: min(max(draft.promptCount - start, 0), tokens.count), tokens: tokens,
        layout: folder.layout)
      // The next file then begins where this one would have.
      if isOccupied(header.id) { continue }
      guard folder.makeRoom(for: header.fileByteCount, keeping: chain.map(\.id)),
        try await write(header, draft, point, from: source)
      else { return }
      tree.insert(header)
      chain.append(header)
    }
  }

  /// Whether something that is no file has a file's name, of which it is told once.
  private func isOccupied(_ id: UInt64) -> Bool {
    let path = folder.path(of: id)
    guard let kind = specialFileKind(path) else { return false }
    if toldOccupied.insert(id).inserted {
      log("\(path.inert) is \(kind), where a file of the cache belongs; remove it, or that file is not kept")
    }
    return true
  }

  /// - Returns: false if the sequence has changed, and nothing was written.
  private func write(
    _ header: PrefixHeader, _ draft: PrefixDraft, _ point: KeyValueCache.Snapshot, from source: Inference
  ) async throws(GGUFError.Reason) -> Bool {
    var writer = try folder.create(header)
    for positions in header.pieces {
      guard let copies = await source.copy(draft.sequence, positions, upTo: point) else { return false }
      try writer.write(copies)
    }
    try writer.write(point.rings)
    try writer.commit()
    return true
  }
}

/// What is to be kept of a sequence: how far it has been read, and the points that a prompt may go on from.
struct PrefixDraft: Sendable {
  /// Nil if it has been forgotten meanwhile.
  weak var sequence: CachedSequence?
  let tokens: [ReadToken]
  /// How many of the tokens were a prompt.
  let promptCount: Int
  /// In rising order.
  let points: [KeyValueCache.Snapshot]
}
