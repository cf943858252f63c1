import GPTOSS
import GPTOSSJSON
import GPTOSSRandomWalks
import GPTOSSStructuredOutput
import Synchronization
import Testing

/// Compilation takes turns: a costly schema holds nobody, and ends with its task.
struct CompilationQueueTests {
  /// A schema that costs all of a budget.
  private static let costly: JSONValue = {
    var properties = JSONObject()
    for index in 0..<20 { properties["p\(index)"] = ["pattern": .string("^.*[a-m].{9}c\(index)$")] }
    return ["type": "object", "properties": .object(properties)]
  }()

  /// Compiles the costly schema again and again, until the work is not wanted any more.
  private static func workWithoutEnd(_ budget: CompilationBudget) throws(GPTOSSError) {
    while true {
      do throws(StructuredOutputError) {
        _ = try TokenConstraint(schema: costly, tokens: TestVocabulary.small, budget: budget.share(of: 1))
      } catch {
        if error == .cancelled { throw .structuredOutput(error) }
      }
    }
  }

  @Test func aNewSchemaComesBeforeThoseThatHadATurn() async throws {
    let queue = CompilationQueue(parallel: 1, limit: 16)
    let costly = (0..<4).map { _ in Task { try await queue.run(Self.workWithoutEnd) } }
    // The costly ones never end: without turns this would wait for ever.
    for _ in 0..<3 {
      let isHeld = try await queue.run { (budget) throws(GPTOSSError) in
        do throws(StructuredOutputError) {
          return try !TokenConstraint(schema: ["type": "null"], tokens: TestVocabulary.small, budget: budget)
            .isComplete
        } catch { throw .structuredOutput(error) }
      }
      #expect(isHeld)
    }
    for task in costly { task.cancel() }
    for task in costly {
      await #expect {
        try await task.value
      } throws: { error in
        guard case .structuredOutput(.cancelled) = error as? GPTOSSError else { return false }
        return true
      }
    }
  }

  @Test func theQueueIsBounded() async throws {
    let queue = CompilationQueue(parallel: 1, limit: 2)
    await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask {
          do throws(GPTOSSError) { try await queue.run(Self.workWithoutEnd) } catch {
            if case .tooManySchemas = error { return true }
          }
          return false
        }
      }
      // One runs and two wait, without end; the others are told at once.
      for _ in 0..<5 { #expect(await group.next() == true) }
      group.cancelAll()
      for await isRefused in group { #expect(!isRefused) }
    }
  }
}
