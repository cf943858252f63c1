package import GGUF
import GPTOSSBlockFormats
package import GPTOSSKernels
import GPTOSSPlatform

/// Where a model's weights are while it runs.
public enum WeightResidency: String, Sendable, CaseIterable {
  /// Copied into memory once, in the layout that the kernels are fastest with, on huge pages. Takes the time
  /// to read the file, and about as much memory as the file has bytes. Q4_0 and IQ4_NL take more where the
  /// kernels copy them as Q8_0 (of Q4_0, a block of 18 bytes becomes 34). An embedding that is not also the
  /// output matrix stays in the file.
  case resident
  /// In the mapped file: opens at once, and the system keeps in memory what it has room for.
  case mapped
}

/// Gives matrices their place: in the file, or in memory in the kernels' layout.
///
/// Matrices are placed as the tensors are read, and filled afterwards, so that nothing large happens before
/// every tensor has been checked.
final class WeightPlacement {
  private let file: GGUFFile
  private let kernels: any ProductKernels
  /// Nil if weights stay in the file.
  let memory: HugePageMemory?
  private var copies: [Copy] = []

  /// A tensor and the places of its matrices.
  private struct Copy {
    let tensor: GGUFTensor
    var matrices: [(source: WeightMatrix, layout: WeightLayout, memory: UnsafeMutableRawBufferPointer)] = []
  }

  /// - Throws: `ModelError.notEnoughMemory` if the system does not even have the addresses.
  init(_ file: GGUFFile, _ residency: WeightResidency, kernels: KernelSet) throws(ModelError) {
    self.file = file
    self.kernels = kernels.products
    guard residency == .resident else {
      memory = nil
      return
    }
    // Twice the file is enough: where Q4_0 becomes Q8_0, 18 bytes become 34, and groups of rows and cache
    // lines that are filled up add little, except to matrices that no gpt-oss has. Only what is written takes
    // memory.
    let capacity = file.tensors.reduce(1 << 20) { $0 + 2 * $1.byteCount + 4096 }
    guard let memory = HugePageMemory(capacity: capacity) else {
      throw .notEnoughMemory(
        needed: capacity / 2, available: availableMemoryByteCount(), weights: .resident)
    }
    self.memory = memory
  }

  /// The matrices of a tensor, one per expert, where they will be once `fill` has run.
  ///
  /// - Throws: `ModelError.notEnoughMemory` where there is no place for them.
  func place(_ matrices: [WeightMatrix], of tensor: GGUFTensor) throws(ModelError) -> [WeightMatrix] {
    guard let memory else { return matrices }
    var copy = Copy(tensor: tensor)
    let placed = try matrices.map { (matrix) throws(ModelError) in
      let layout = kernels.layout(for: matrix.format)
      let byteCount = matrix.byteCount(in: layout)
      guard byteCount <= memory.remainingByteCount else {
        throw .notEnoughMemory(needed: byteCount, available: memory.remainingByteCount, weights: .resident)
      }
      let bytes = memory.take(byteCount)
      copy.matrices.append((matrix, layout, bytes))
      return matrix.view(layout, bytes: UnsafeRawBufferPointer(bytes))
    }
    copies.append(copy)
    return placed
  }

  /// Copies what has been placed, tensor by tensor. Reads the next tensor ahead and lets go of the mapped
  /// pages of the last one. In a cancelled task it stops after a tensor.
  ///
  /// - Parameter progress: receives the share that is done, 0 to 1.
  func fill(_ pool: ThreadPool, progress: (Double) -> Void) {
    let total = copies.reduce(0) { $0 + $1.tensor.byteCount }
    var done = 0
    var released: [GGUFTensor] = []
    for (index, copy) in copies.enumerated() where !Task.isCancelled {
      if index + 1 < copies.count { file.prefetch(copies[index + 1].tensor) }
      let tasks = copy.matrices.flatMap { matrix, layout, memory in
        stride(from: 0, to: matrix.rows, by: Self.rowsPerTask).map { first in
          (matrix, layout, memory, rows: first..<min(first + Self.rowsPerTask, matrix.rows))
        }
      }
      // Models that run meanwhile get their turn after every tensor.
      Turns.ofProcess.take {
        pool.run(tasks.count) { task, _ in
          let (matrix, layout, memory, rows) = tasks[task]
          if let output = memory.baseAddress {
            kernels.repack(matrix, rows: rows, as: layout, output: output)
          }
        }
      }
      file.release(copy.tensor)
      released.append(copy.tensor)
      while freeMemoryByteCount() < Self.spareByteCount, let tensor = released.popLast() {
        file.evict(tensor)
      }
      done += copy.tensor.byteCount
      progress(Double(done) / Double(total))
    }
    memory?.collapse()
  }

  /// Free memory that is kept, so that huge pages can be cut from it. For it the system drops what it has
  /// cached of the file, the tensors read last first. Once the system has to make room page by page, it finds
  /// few pieces of 2 MB, and a sixth of the weights ends on small pages.
  private static let spareByteCount = 2 << 30

  /// Half a megabyte or so: so many rows that handing out tasks costs nothing, and few enough to share
  /// evenly.
  private static let rowsPerTask = 256
}

extension Configuration {
  /// Chooses where the weights of a file go, or checks that they can go where they are wanted.
  ///
  /// - Parameters:
  ///   - file: the model's file.
  ///   - wanted: nil to choose: in memory if the kernels gain by it and there is room.
  ///   - kernels: the kernels to run with.
  ///   - available: bytes of memory that the process may take.
  /// - Throws: `ModelError.notEnoughMemory` before any work.
  package func residency(
    of file: GGUFFile, wanted: WeightResidency?, kernels: KernelSet,
    available: Int = availableMemoryByteCount()
  ) throws(ModelError) -> WeightResidency {
    let resident = file.residentByteCount(kernels: kernels)
    // A token that finds its weights gone reads them from the disk again: what one token reads must stay.
    let mapped = file.bytesPerToken(self)
    switch wanted {
    case .resident?:
      guard resident <= available else {
        throw .notEnoughMemory(needed: resident, available: available, weights: .resident)
      }
      return .resident
    // A twentieth for what the weights are not: caches, activations, the vocabulary.
    case nil where resident / 20 * 21 <= available && kernels.products.layout(for: .mxfp4) != .rows:
      return .resident
    case .mapped?, nil:
      guard mapped <= available else {
        throw .notEnoughMemory(needed: mapped, available: available, weights: .mapped)
      }
      return .mapped
    }
  }
}
