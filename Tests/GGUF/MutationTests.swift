import GGUF
import Testing

/// 2,000 broken files: each is refused with an error of one line, or opens and all of it can be read.
@Suite struct MutationTests {
  @Test func brokenFilesAreRefusedOrWork() throws {
    let folder = try TemporaryFolder()
    var opened = 0
    var mutations = MutationGenerator(of: .sample, seed: 1)
    for _ in 0..<2000 {
      let mutation = mutations.next()
      let path = try folder.write(mutation.bytes)
      do {
        let file = try GGUFFile(path: path)
        touch(file)
        opened += 1
      } catch {
        #expect(!error.description.contains { $0.isNewline }, "\(mutation.description)")
      }
    }
    // Of flips many hit tensor data, where they make no difference; of changed numbers few can work.
    #expect((200..<1000).contains(opened), "\(opened) of 2000 opened")
  }

  /// Reads every value and every byte of tensor data.
  private func touch(_ file: GGUFFile) {
    var sum = 0
    for (_, value) in file.metadata { sum &+= size(value) }
    for tensor in file.tensors {
      sum &+= file.withBytes(of: tensor) { Array(reading: $0) }.reduce(0) { $0 &+ Int($1) }
    }
    #expect(sum != .min)
  }

  private func size(_ value: GGUFValue) -> Int {
    switch value {
    case .array(let array): array.reduce(0) { $0 &+ size($1) } &+ (array.last.map(size) ?? 0)
    case .string(let string): string.description.count
    default: 1
    }
  }
}
