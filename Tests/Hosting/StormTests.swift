import GPTOSS
import GPTOSSHosting
import GPTOSSTokenizer
import Synchronization
import Testing

/// Many tasks that use, load and unload three models at random, with idle times of milliseconds.
///
/// Breaks when a model is unloaded under somebody who uses it, when one model's pass disturbs another's, or
/// when memory is given back twice or not at all.
struct StormTests {
  @Test func everyAnswerIsThatOfTheModelAlone() async throws {
    let folder = try HostedFolder()
    let prompts = 4
    let expected = try await folder.answersAlone(prompts: prompts)
    // Room for two of the three, so that they have to make room for each other.
    let host = try folder.host(room: 2, idleTime: .milliseconds(5))
    let counts = Counts()
    await withTaskGroup(of: Void.self) { group in
      for task in 0..<8 {
        group.addTask {
          var random = Dice(state: UInt64(task) &* 7919 + 1)
          for _ in 0..<25 {
            let name = HostedFolder.names[random.next(3)]
            let number = random.next(prompts)
            do {
              switch random.next(10) {
              case 0: try await host.load(name, idleTime: .milliseconds(random.next(10)))
              case 1: try await host.unload(name)
              case 2: await host.unloadAll()
              default:
                let answer = try await host.withModel(name, idleTime: .milliseconds(random.next(20))) {
                  try await $0.answer(number)
                }
                #expect(answer == expected[name]?[number], "\(name), prompt \(number)")
                counts.answers.add(1, ordering: .relaxed)
              }
              if random.next(4) == 0 { try await Task.sleep(for: .milliseconds(random.next(8))) }
              let staying = host.instances.filter { $0.state != .unloading }
              let held = staying.reduce(0) { $0 + $1.memory.total }
              #expect(held <= host.memoryLimit)
            } catch HostingError.notEnoughMemory(_, _, let missing, let limit) {
              #expect(missing > 0 && missing <= limit)
              counts.refused.add(1, ordering: .relaxed)
            } catch HostingError.notLoaded {
            } catch {
              Issue.record("\(error)")
            }
          }
        }
      }
    }
    await host.unloadAll()
    #expect(host.instances.isEmpty)
    let answers = counts.answers.load(ordering: .relaxed)
    let refused = counts.refused.load(ordering: .relaxed)
    #expect(answers > 20, "\(answers) answers, \(refused) refused for want of memory")
    // Nothing is left that would keep a model from coming back.
    for name in HostedFolder.names {
      #expect(try await host.withModel(name) { try await $0.answer(0) } == expected[name]?[0])
    }
  }
}

private final class Counts: Sendable {
  let answers = Atomic(0)
  let refused = Atomic(0)
}

/// Numbers that are the same in every run (an LCG with the constants of Numerical Recipes).
private struct Dice {
  var state: UInt64

  mutating func next(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % bound
  }
}
