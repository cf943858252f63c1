/// Runs a kernel set over a thread pool: checks shapes, cuts work into tiles, gives each thread its scratch
/// memory.
///
/// One forward pass at a time: the caller makes sure of it (`Transformer` holds a lock).
package final class Launcher: @unchecked Sendable {
  package let kernels: KernelSet
  package let pool: ThreadPool
  /// A thread's own, one for each.
  private let scratch: [ScratchMemory]
  /// The states of attention's spans.
  let spanStates = ScratchMemory()
  /// Inputs of products, quantized.
  let quantized = ScratchMemory()
  /// How finely inputs of products are quantized, where the kernels do that. `Transformer.forward` sets it
  /// before every pass.
  package var precision = Precision.precise

  package init(kernels: KernelSet, threadCount: Int) {
    self.kernels = kernels
    pool = .shared(threadCount: threadCount)
    scratch = (0..<pool.threadCount).map { _ in ScratchMemory() }
  }

  /// Normalizes every row: `[tokens, columns] → [tokens, columns]`.
  package func rmsNorm(_ input: ActivationRows, weight: FloatVector, epsilon: Float, output: ActivationRows) {
    precondition(input.columns == weight.count && output.columns == weight.count)
    precondition(input.count == output.count)
    forEachRow(input.count) { [kernels] row in
      kernels.vectors.rmsNorm(
        input[row], weight: weight.base, epsilon: epsilon, output: output[row], count: weight.count)
    }
  }

  /// Rotates every head of every row in place.
  ///
  /// - Parameters:
  ///   - heads: `[tokens, headCount · headDimension]`.
  ///   - cosines: `[tokens, headDimension / 2]`, likewise `sines`.
  package func rotate(
    _ heads: ActivationRows, headDimension: Int, cosines: ActivationRows, sines: ActivationRows
  ) {
    precondition(heads.columns % headDimension == 0 && headDimension % 2 == 0)
    precondition(cosines.columns == headDimension / 2 && sines.columns == headDimension / 2)
    precondition(cosines.count == heads.count && sines.count == heads.count)
    forEachRow(heads.count) { [kernels] row in
      for head in 0..<(heads.columns / headDimension) {
        kernels.vectors.rotate(
          heads[row] + head * headDimension, cosines: cosines[row], sines: sines[row],
          headDimension: headDimension)
      }
    }
  }

  /// gpt-oss's clamped SwiGLU: `[tokens, columns]` each; `output` may be `gate`.
  package func gatedActivation(gate: ActivationRows, up: ActivationRows, output: ActivationRows) {
    precondition(gate.count == up.count && gate.columns == up.columns)
    precondition(output.count == gate.count && output.columns == gate.columns)
    forEachRow(gate.count) { [kernels] row in
      kernels.vectors.gatedActivation(gate: gate[row], up: up[row], output: output[row], count: gate.columns)
    }
  }

  /// `accumulator += rows`, element by element.
  package func add(_ rows: ActivationRows, into accumulator: ActivationRows) {
    precondition(rows.count == accumulator.count && rows.columns == accumulator.columns)
    forEachRow(rows.count) { [kernels] row in
      kernels.vectors.accumulate(rows[row], scale: 1, into: accumulator[row], count: rows.columns)
    }
  }

  /// `output[i] = input[sources[i]]`: brings the tokens of each expert together.
  package func gather(_ input: ActivationRows, sources: [Int], output: ActivationRows) {
    precondition(sources.count == output.count && input.columns == output.columns)
    precondition(sources.allSatisfy { $0 >= 0 && $0 < input.count })
    forEachRow(sources.count) { row in
      output[row].update(from: input[sources[row]], count: input.columns)
    }
  }

  /// `output[t] += Σ_s weights[t·slots + s] · input[sources[t·slots + s]]`, the slots in order.
  package func addWeighted(
    _ input: ActivationRows, sources: [Int], weights: [Float], slots: Int, into output: ActivationRows
  ) {
    precondition(sources.count == output.count * slots && weights.count == sources.count)
    precondition(input.columns == output.columns)
    precondition(sources.allSatisfy { $0 >= 0 && $0 < input.count })
    forEachRow(output.count) { [kernels] row in
      for slot in (row * slots)..<((row + 1) * slots) {
        kernels.vectors.accumulate(
          input[sources[slot]], scale: weights[slot], into: output[row], count: output.columns)
      }
    }
  }

  /// `output[i] = matrix[indices[i]]`: the embeddings of tokens.
  package func lookUp(_ indices: [Int], in matrix: WeightMatrix, output: ActivationRows) {
    precondition(indices.count == output.count && matrix.columns == output.columns)
    precondition(indices.allSatisfy { $0 >= 0 && $0 < matrix.rows })
    forEachRow(indices.count) { [kernels] row in
      kernels.products.decodeRow(indices[row], of: matrix, output: output[row])
    }
  }

  /// Rows are little work each: a few run at once on the calling thread, many are spread over the threads.
  func forEachRow(_ count: Int, _ body: (Int) -> Void) {
    let grain = 8
    guard count > grain else {
      for row in 0..<count { body(row) }
      return
    }
    pool.run(count.dividedUp(by: grain)) { task, _ in
      for row in (task * grain)..<min((task + 1) * grain, count) { body(row) }
    }
  }

  /// A thread's own memory.
  func scratch(of worker: Int, byteCount: Int) -> UnsafeMutableRawPointer {
    scratch[worker].reserve(byteCount)
  }

  func run(_ taskCount: Int, scratchByteCount: Int, _ body: (Int, UnsafeMutableRawPointer) -> Void) {
    pool.run(taskCount) { task, worker in body(task, scratch(of: worker, byteCount: scratchByteCount)) }
  }
}

extension Int {
  /// The quotient, rounded up.
  @inlinable @inline(__always)
  func dividedUp(by divisor: Int) -> Int { (self &+ divisor &- 1) / divisor }
}
