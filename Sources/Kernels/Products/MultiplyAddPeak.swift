package import GPTOSSBlockFormats
import GPTOSSPlatform

extension KernelSet {
  /// What matrices of a format are multiplied as: their own format or the one that they become when they are
  /// repacked where the kernels read quantized activations, else float32, which they are decoded to.
  ///
  /// - Parameter isResident: whether the weights were repacked when the model was loaded.
  package func innerFormat(of format: BlockFormat, isResident: Bool) -> BlockFormat {
    guard case .interleaved16 = products.layout(for: .mxfp4) else { return .f32 }
    let inner = isResident ? InterleavedFormat(repacking: format) : InterleavedFormat(format)
    return inner?.blockFormat ?? .f32
  }

  /// Multiply-adds per second of this set's own inner products when nothing has to be waited for: what a
  /// prompt's reading is compared with.
  ///
  /// Every thread multiplies 32 rows with 32 tokens, over and over, from its first-level cache. A product of
  /// 192 columns and one of 64 are timed in turns, and what counts is the difference: so what a product does
  /// once, such as storing its results, is left out. The best of twenty rounds is taken. It takes a twentieth
  /// of a second. (Where a block has 256 columns, they are 512 and 256, which is more than that cache holds.)
  ///
  /// - Parameters:
  ///   - format: one that `innerFormat` gives.
  ///   - precision: how finely the activations are quantized, where the kernels do that.
  ///   - threadCount: threads that multiply side by side, at least 1.
  /// - Returns: of all threads together; each weight with each token is one multiply-add, whatever the
  ///   precision costs.
  /// - Precondition: this CPU runs the set.
  package func multiplyAddsPerSecond(
    format: BlockFormat, precision: Precision, threadCount: Int
  ) -> Double {
    let pool = ThreadPool(threadCount: threadCount)
    let hasLongBlocks = format.weightsPerBlock == 256
    let short = PeakLoop(self, format, precision, columns: hasLongBlocks ? 256 : 64, pool)
    let long = PeakLoop(self, format, precision, columns: hasLongBlocks ? 512 : 192, pool)
    let repeats = long.repeats(lasting: .milliseconds(1))
    var (shortTime, longTime) = (Duration.seconds(Int64.max), Duration.seconds(Int64.max))
    for _ in 0..<20 {
      shortTime = min(shortTime, short.time(repeats: repeats))
      longTime = min(longTime, long.time(repeats: repeats))
    }
    let (shortSeconds, longSeconds): (Double, Double) = (shortTime / .seconds(1), longTime / .seconds(1))
    let (shortWork, longWork) = (short.multiplyAdds(repeats), long.multiplyAdds(repeats))
    // What disturbs the short product alone would make the difference small, down to nothing. What is done
    // once is taken for no more than half of the long product.
    let least = longSeconds / 2 * (1 - shortWork / longWork)
    return (longWork - shortWork) / max(longSeconds - shortSeconds, least)
  }
}

/// The same product on every thread, each with operands of its own.
private final class PeakLoop {
  private static let (rows, tokens) = (32, 32)

  private let kernels: any ProductKernels
  private let pool: ThreadPool
  private let columns: Int
  private let inputs: [Activations]
  private let outputs: [Activations]
  private let memories: [UnsafeMutableRawPointer]
  private let products: [ProductView]
  private let scratches: [UnsafeMutableRawPointer]

  init(_ set: KernelSet, _ format: BlockFormat, _ precision: Precision, columns: Int, _ pool: ThreadPool) {
    (kernels, self.pool, self.columns) = (set.products, pool, columns)
    var memories: [UnsafeMutableRawPointer] = []
    func memory(_ byteCount: Int) -> UnsafeMutableRawPointer {
      let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
      // As a scale and as a weight of each format this byte is an ordinary number.
      memset(memory, 0x3C, byteCount)
      memories.append(memory)
      return memory
    }
    func bytes(_ byteCount: Int) -> UnsafeRawBufferPointer {
      UnsafeRawBufferPointer(start: memory(byteCount), count: byteCount)
    }
    let layout = set.products.layout(for: format)
    let byteCount = Self.rows * columns / format.weightsPerBlock * format.bytesPerBlock
    let file = WeightMatrix(format: format, rows: Self.rows, columns: columns, bytes: bytes(byteCount))
    var (inputs, outputs): ([Activations], [Activations]) = ([], [])
    var products: [ProductView] = []
    var scratches: [UnsafeMutableRawPointer] = []
    for _ in 0..<pool.threadCount {
      let size = file.byteCount(in: layout)
      let weights = memory(size)
      set.products.repack(file, rows: 0..<Self.rows, as: layout, output: weights)
      let matrix = file.view(layout, bytes: UnsafeRawBufferPointer(start: weights, count: size))
      let input = Activations(capacity: Self.tokens, columns: columns)
      for token in 0..<Self.tokens {
        input.withMutableRow(token) { row in
          for column in row.indices { row[column] = Float((token + 7 * column) % 31 - 15) }
        }
      }
      let output = Activations(capacity: Self.tokens, columns: Self.rows)
      var product = MatrixProduct(matrix, input: input.all, output: output.all).view
      if set.products.quantizesInput(for: matrix) {
        let quantized = QuantizedRows(
          base: memory(QuantizedRows.byteCount(tokens: Self.tokens, columns: columns)), tokens: Self.tokens,
          columns: columns, precision: precision)
        for panel in 0..<quantized.panelCount {
          set.products.quantize(input.all.view, panel: panel, for: format, output: quantized)
        }
        product.quantized = quantized
      }
      inputs.append(input)
      outputs.append(output)
      products.append(product)
      scratches.append(memory(set.products.scratchByteCount(for: matrix, tokens: Self.tokens)))
    }
    (self.inputs, self.outputs, self.memories) = (inputs, outputs, memories)
    (self.products, self.scratches) = (products, scratches)
  }

  deinit { for memory in memories { memory.deallocate() } }

  /// How often a thread multiplies in so much time: a power of two.
  ///
  /// The calling thread counts alone, and the best of three tries decides. On a busy machine threads that have to
  /// meet, or a try that is interrupted, would make few products look as if they took so long; and then waking
  /// the threads is what is measured.
  func repeats(lasting time: Duration) -> Int {
    var repeats = 1
    while repeats < 1 << 20,
      (0..<3).contains(where: { _ in ContinuousClock().measure { multiply(repeats, task: 0) } < time })
    { repeats *= 2 }
    return repeats
  }

  /// The product of one thread, so often.
  private func multiply(_ repeats: Int, task: Int) {
    let (product, scratch) = (products[task], scratches[task])
    for _ in 0..<repeats { kernels.multiply(product, rows: 0..<Self.rows, scratch: scratch) }
  }

  /// How long all threads take for so many products each.
  func time(repeats: Int) -> Duration {
    ContinuousClock().measure {
      pool.run(pool.threadCount) { task, _ in multiply(repeats, task: task) }
    }
  }

  /// The multiply-adds of all threads in so many products each.
  func multiplyAdds(_ repeats: Int) -> Double {
    Double(pool.threadCount * repeats) * Double(Self.rows * Self.tokens * columns)
  }
}
