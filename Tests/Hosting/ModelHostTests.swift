import Foundation
import GPTOSS
import GPTOSSHosting
import GPTOSSModel
import GPTOSSModelLibrary
import GPTOSSPlatform
import Testing

/// Models come when they are used, and go when nobody uses them; what is in use stays.
struct ModelHostTests {
  @Test func manyWhoAskAtOnceGetOneModel() async throws {
    let folder = try HostedFolder()
    let host = try folder.host()
    let leases = try await withThrowingTaskGroup(of: ModelLease.self) { group in
      for index in 0..<20 {
        // A name and a file's name mean the same model.
        group.addTask { try await host.use(index % 2 == 0 ? "test/a" : "a.gguf") }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(leases.count == 20 && leases.allSatisfy { $0.model === leases[0].model })
    let instances = withExtendedLifetime(leases) { host.instances }
    #expect(instances.map(\.identifier) == ["test/a"] && instances[0].useCount == 20)
    #expect(instances[0].state == .loaded && !instances[0].isKept)
  }

  @Test func identifiersTellInstancesApart() async throws {
    let folder = try HostedFolder()
    let host = try folder.host()
    #expect(try await host.load("test/a").identifier == "test/a")
    #expect(try await host.load("test/a", contextLength: 64).identifier == "test/a:2")
    #expect(try await host.load("test/b", identifier: "mine").identifier == "mine")
    let second = try await host.use("test/a:2")
    #expect(second.identifier == "test/a:2" && second.model.configuration.contextLength == 64)
    #expect(try await host.use("mine").model.information.path.hasSuffix("b.gguf"))
    #expect(try await host.use("test/b").identifier == "mine", "a model that is loaded is not loaded again")
    await #expect { try await host.load("test/c", identifier: "mine") } throws: {
      if case .identifierTaken("mine") = $0 as? HostingError { true } else { false }
    }
    for identifier in ["", "/x", ".", "a\nb", String(repeating: "x", count: 201)] {
      await #expect { try await host.load("test/c", identifier: identifier) } throws: {
        if case .invalidIdentifier = $0 as? HostingError { true } else { false }
      }
    }
    #expect(host.instances.count == 3)
  }

  @Test func anInstanceIsUsedByItsNumber() async throws {
    let folder = try HostedFolder()
    let host = try folder.host()
    let first = try await host.load("test/a")
    let second = try await host.load("test/a", contextLength: 64)
    #expect(first.number != second.number)
    #expect(try await host.use(instance: second.number).model.configuration.contextLength == 64)
    try await host.unload(second.identifier)
    await #expect(throws: HostingError.self) { try await host.use(instance: second.number) }
    #expect(try await host.use(instance: first.number).number == first.number)
  }

  /// Breaks when a loading that was cancelled leaves its model behind, or takes one from somebody else.
  @Test func aLoadingThatNobodyWantsEnds() async throws {
    let folder = try HostedFolder()
    let host = try folder.host()
    for number in 0..<20 {
      let loading = Task { try await host.load(HostedFolder.names[number % 3]) }
      if number % 2 == 0 { await Task.yield() }
      loading.cancel()
      // The cancellation may come too late: then the model is there.
      if case .success(let instance) = await loading.result { try await host.unload(instance.identifier) }
    }
    try await until { host.instances.isEmpty }
    let unwanted = Task { try await host.use("test/a") }
    let wanted = Task { try await host.use("test/a") }
    unwanted.cancel()
    #expect(try await wanted.value.model.answer(0).count == 12)
    _ = await unwanted.result
  }

  @Test func loadingIsWatched() async throws {
    var options = HostingOptions()
    options.load = LoadOptions(weights: .resident, threads: 2, contextLength: 256)
    let folder = try HostedFolder()
    let host = ModelHost(library: folder.library, options: options)
    let shares = Locked<[Double]>([])
    let lease = try await host.use("test/a") { share in shares.withLock { $0.append(share) } }
    let seen = shares.withLock { $0 }
    #expect(seen.last == 1 && seen == seen.sorted() && seen.count > 1, "\(seen)")
    #expect(host.instances.map(\.loadedShare) == [1])
    withExtendedLifetime(lease) {}
  }

  @Test func anIdleModelIsUnloadedAndOneInUseIsNot() async throws {
    let folder = try HostedFolder()
    let host = try folder.host(idleTime: .milliseconds(50))
    var lease: ModelLease? = try await host.use("test/a")
    _ = try await host.use("test/b", idleTime: .seconds(3600))
    try await host.load("test/c")
    try await Task.sleep(for: .milliseconds(200))
    #expect(host.instances.map(\.identifier) == ["test/a", "test/b", "test/c"])
    #expect(try await lease?.model.answer(0).count == 12, "a model in use works")
    lease = nil
    try await until { host.instances.map(\.identifier) == ["test/b", "test/c"] }
    // A use within the idle time begins it anew; afterwards the model comes back.
    _ = try await host.use("test/a")
    #expect(host.instances.count == 3)
  }

  @Test func idleModelsMakeRoomAndOthersDoNot() async throws {
    let folder = try HostedFolder()
    let host = try folder.host(room: 2)
    _ = try await host.use("test/a")
    _ = try await host.use("test/b")
    _ = try await host.use("test/a")
    // b went unused for longest.
    let lease = try await host.use("test/c")
    #expect(Set(host.instances.map(\.identifier)) == ["test/a", "test/c"])
    try await host.load("test/b")
    #expect(Set(host.instances.map(\.identifier)) == ["test/b", "test/c"])
    // One is in use, the other was loaded on purpose.
    let byteCount = try folder.byteCount
    await #expect { try await host.use("test/a") } throws: { error in
      guard case .notEnoughMemory("test/a", let needed, let missing, let limit) = error as? HostingError
      else { return false }
      return needed == byteCount && missing == byteCount && limit == 2 * byteCount
    }
    #expect(host.instances.count == 2, "a refused model leaves nothing behind")
    withExtendedLifetime(lease) {}
  }

  /// Breaks when a model that is on its way out keeps another one from coming.
  @Test func whatLeavesMakesRoom() async throws {
    let folder = try HostedFolder()
    let host = try folder.host(room: 1)
    for round in 0..<30 {
      _ = try await host.use(HostedFolder.names[round % 3])
      async let unloading: Void = host.unloadAll()
      _ = try await host.use(HostedFolder.names[(round + 1) % 3])
      await unloading
    }
  }

  @Test func unloadingWaitsForThoseWhoUseTheModel() async throws {
    let folder = try HostedFolder()
    let host = try folder.host()
    var lease: ModelLease? = try await host.use("test/a")
    let first = try #require(lease?.model)
    let unloading = Task { try await host.unload("test/a") }
    try await until { host.instances.first?.state == .unloading }
    #expect(try await first.answer(1).count == 12)
    // Whoever comes now gets the model anew.
    let other = try await host.use("test/a")
    #expect(other.model !== first && other.identifier == "test/a")
    lease = nil
    try await unloading.value
    #expect(host.instances.map(\.state) == [.loaded])
    await #expect(throws: GPTOSSError.self) { try await first.answer(1) }
    await #expect { try await host.unload("nothing") } throws: {
      if case .notLoaded("nothing", ["test/a"]) = $0 as? HostingError { true } else { false }
    }
  }

  @Test func everybodyHearsThatAModelCannotBeLoaded() async throws {
    let folder = try HostedFolder()
    let host = try folder.host()
    // The header is right, and then the file ends.
    let path = "\(folder.root)/test/a/a.gguf"
    let bytes = try Data(contentsOf: URL(filePath: path))
    try bytes.prefix(bytes.count / 2).write(to: URL(filePath: path))
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<8 {
        group.addTask {
          await #expect(throws: HostingError.self) { try await host.use("test/a") }
        }
      }
    }
    await #expect {
      try await host.use("nobody/nothing")
    } throws: {
      if case .library(.notFound("nobody/nothing", "nobody/nothing")) = $0 as? HostingError {
        true
      } else {
        false
      }
    }
    #expect(host.instances.isEmpty)
    _ = try await host.use("test/b")
  }

  @Test func pathsAreNamesOnlyWhereTheyMayBe() async throws {
    let folder = try HostedFolder()
    let path = "\(folder.root)/test/a/a.gguf"
    #expect(try await folder.host().use(path).identifier == "a")
    var options = HostingOptions()
    options.acceptsPaths = false
    let host = ModelHost(library: folder.library, options: options)
    await #expect(throws: HostingError.self) { try await host.use(path) }
  }

  /// Waits until something holds, for some seconds at most.
  private func until(_ condition: () -> Bool) async throws {
    for _ in 0..<1000 where !condition() { try await Task.sleep(for: .milliseconds(10)) }
    #expect(condition())
  }
}
