package import GPTOSSBlockFormats

/// The arithmetic of a forward pass, in one of several interchangeable forms.
///
/// A kernel computes one *tile* on one thread; `Launcher` checks shapes and spreads tiles over the threads.
///
/// **The rule that all obey:** an output depends on its own row of the input and on the weights, and on nothing
/// else: not on the other rows of the batch, not on how a prompt was cut into chunks, not on the
/// number of threads. So each output's sum has a fixed order, and tile boundaries are fixed. (`blas`
/// keeps it for threads only: a BLAS library chooses its order of sums by the size of the batch.)
package struct KernelSet: Sendable {
  package let name: KernelSetName
  package let products: any ProductKernels
  package let vectors: any VectorKernels
  /// The element type that a key-value cache has unless the caller asks for another.
  package let preferredCacheElement: CacheElement

  package init(
    _ name: KernelSetName, products: any ProductKernels, vectors: any VectorKernels,
    preferredCacheElement: CacheElement = .int16
  ) {
    self.name = name
    self.products = products
    self.vectors = vectors
    self.preferredCacheElement = preferredCacheElement
  }

  /// The set of an instruction set's module.
  package init(_ name: KernelSetName, _ products: RawProductKernels, vectors: some VectorKernels) {
    self.init(name, products: InterleavedProducts(products), vectors: vectors)
  }

  package static let reference = KernelSet(
    .reference, products: ReferenceProducts(), vectors: ReferenceVectors(), preferredCacheElement: .float32)
  package static let portable = KernelSet(.portable, products: PortableProducts(), vectors: PortableVectors())
  package static let blas = KernelSet(.blas, products: BLASProducts(), vectors: PortableVectors())
}

/// The kernels that read weights.
package protocol ProductKernels: Sendable {
  /// How many rows of `matrix` a tile has for a batch of `tokens`.
  func rowsPerTile(of matrix: WeightMatrix, tokens: Int) -> Int

  /// Bytes of scratch memory that one tile of `multiply` needs.
  func scratchByteCount(for matrix: WeightMatrix, tokens: Int) -> Int

  /// `output[t, r] = Σ_c matrix[r, c] · input[t, c] + bias[r]` for every token `t` and the tile's `rows`.
  ///
  /// - Parameters:
  ///   - rows: the tile, a range of the matrix's rows; several neighboring ones of a product that `joinsTiles`.
  ///   - scratch: `scratchByteCount` bytes, aligned to 64, this thread's own.
  func multiply(_ product: ProductView, rows: Range<Int>, scratch: UnsafeMutableRawPointer)

  /// The layout in which resident matrices of this format are multiplied fastest.
  func layout(for format: BlockFormat) -> WeightLayout

  /// Whether products with this matrix read their input quantized: `ProductView.quantized` is then set.
  func quantizesInput(for matrix: WeightMatrix) -> Bool

  /// Quantizes a panel of the input's tokens.
  func quantize(_ input: FloatRows, panel: Int, output: QuantizedRows)

  /// Copies rows of a matrix that lies as in the file to memory that has `layout`, as `WeightMatrix.repack` does.
  func repack(
    _ matrix: WeightMatrix, rows: Range<Int>, as layout: WeightLayout, output: UnsafeMutableRawPointer)

  /// Decodes one row of weights to floats: an embedding.
  func decodeRow(_ row: Int, of matrix: WeightMatrix, output: UnsafeMutablePointer<Float>)
}

/// Kernels that multiply floats.
extension ProductKernels {
  package func layout(for format: BlockFormat) -> WeightLayout { .rows }
  package func quantizesInput(for matrix: WeightMatrix) -> Bool { false }
  package func quantize(_ input: FloatRows, panel: Int, output: QuantizedRows) {
    preconditionFailure("these kernels read floats")
  }
  package func repack(
    _ matrix: WeightMatrix, rows: Range<Int>, as layout: WeightLayout, output: UnsafeMutableRawPointer
  ) {
    matrix.repack(rows, as: layout, output: output)
  }
}

/// The kernels that read activations alone.
@usableFromInline
package protocol VectorKernels: Sendable {
  /// `output[i] = input[i] / √(mean(input²) + epsilon) · weight[i]` (Zhang and Sennrich 2019, RMSNorm).
  func rmsNorm(
    _ input: UnsafePointer<Float>, weight: UnsafePointer<Float>, epsilon: Float,
    output: UnsafeMutablePointer<Float>, count: Int)

  /// Rotates one head in place: each pair `(head[i], head[i + d/2])` by the angle with cosine
  /// `cosines[i]` and sine `sines[i]` (Su et al. 2021, with the pairs of GPT-NeoX).
  func rotate(
    _ head: UnsafeMutablePointer<Float>, cosines: UnsafePointer<Float>, sines: UnsafePointer<Float>,
    headDimension: Int)

  /// Rounds to half precision, to nearest, ties to even: what a cache of `float16` keeps.
  func roundToHalf(_ input: UnsafePointer<Float>, output: UnsafeMutablePointer<UInt16>, count: Int)

  /// Rounds to integers that share a scale, within `bounds`: what a cache of `int16` keeps.
  ///
  /// - Returns: the scale: `scale · output[i]` is near `input[i]`. NaN, and integers of zero, if some input is not finite; zero
  ///   if no input's magnitude is above 2⁻¹⁰⁰.
  func roundToIntegers(
    _ input: UnsafePointer<Float>, within bounds: IntegerBounds, output: UnsafeMutablePointer<Int16>,
    count: Int
  ) -> Float

  /// Attention of some tokens' query heads that share one key-value head.
  ///
  /// - Parameter scratch: `attentionScratchByteCount` bytes, aligned to 64, this thread's own.
  func attend(_ tile: AttentionTile, scratch: UnsafeMutableRawPointer)

  /// Bytes of scratch memory that attention of a tile needs.
  func attentionScratchByteCount(for tile: AttentionTile) -> Int

  /// The same attention in parts that can be computed apart; nil if the set has no such parts.
  var splitAttention: (any SplitAttentionKernels)? { get }

  /// gpt-oss's clamped SwiGLU: `g·σ(1.702·g)·(u + 1)` with `g = min(gate, 7)`, `u = clamp(up, −7, 7)`.
  /// `output` may be `gate` or `up`.
  func gatedActivation(
    gate: UnsafePointer<Float>, up: UnsafePointer<Float>, output: UnsafeMutablePointer<Float>, count: Int)

  /// `accumulator[i] += scale · vector[i]`.
  func accumulate(
    _ vector: UnsafePointer<Float>, scale: Float, into accumulator: UnsafeMutablePointer<Float>, count: Int)
}

/// Attention whose context is cut into spans (`AttentionLayout.positionsPerSpan`): the spans of a long context can be
/// spread over threads, and the result is to the bit what `attend` computes.
@usableFromInline
package protocol SplitAttentionKernels: Sendable {
  /// Floats of the state that one span of a tile leaves.
  func stateFloats(of tile: AttentionTile) -> Int

  /// Attends to the positions of one span.
  ///
  /// - Parameter state: receives `stateFloats` floats; aligned to 64.
  func attend(
    _ tile: AttentionTile, span: Int, state: UnsafeMutablePointer<Float>, scratch: UnsafeMutableRawPointer)

  /// Merges the states of all the spans that the tile sees, in order, and writes the tile's output.
  ///
  /// - Parameter states: `[spanCount, stateFloats]`.
  func combine(
    _ tile: AttentionTile, states: UnsafePointer<Float>, spanCount: Int, scratch: UnsafeMutableRawPointer)
}

/// The names of the kernel sets, as `GPTOSS_CPU` and `--kernels` spell them.
public enum KernelSetName: String, Sendable, CaseIterable {
  /// Scalar, plain, exact: what every other set is tested against.
  case reference
  /// Swift's SIMD types; any CPU.
  case portable
  /// `portable`, with the matrix products of prefill done by BLAS.
  case blas
  /// x86-64 with AVX2 and FMA.
  case avx2
  /// x86-64 with AVX-512, VNNI and VBMI.
  case avx512
}

/// The element type of a key-value cache.
public enum CacheElement: String, Sendable, CaseIterable {
  /// 16-bit integers that share a scale a vector: as small as `float16`, nearer to what was stored, and multiplied twice as
  /// fast. The default.
  case int16
  /// IEEE 754 half precision: what other engines keep.
  case float16
  /// Single precision: twice the memory; what `reference` uses.
  case float32

  /// Bytes of one element, without what the scale of a vector of `int16` takes.
  @inlinable
  public var byteCount: Int { self == .float32 ? 4 : 2 }

  /// Bytes of the scales of a key and its value.
  @inlinable
  var scaleByteCount: Int { self == .int16 ? 8 : 0 }
}

/// One matrix product of a batch: `[tokens, columns] × [rows, columns]ᵀ → [tokens, rows]`.
package struct MatrixProduct: @unchecked Sendable {
  var view: ProductView
  /// Keep the memory of what the view shows alive.
  private let owners: (input: ActivationRows, output: ActivationRows, bias: FloatVector?)

  /// - Parameters:
  ///   - bias: `[rows]`, from `biasOffset` on.
  ///   - input: `[tokens, columns]`.
  ///   - output: `[tokens, rows]`.
  package init(
    _ matrix: WeightMatrix, bias: FloatVector? = nil, biasOffset: Int = 0,
    input: ActivationRows, output: ActivationRows
  ) {
    precondition(input.columns == matrix.columns, "input of \(input.columns), matrix of \(matrix.columns)")
    precondition(output.columns == matrix.rows, "output of \(output.columns), matrix of \(matrix.rows) rows")
    precondition(input.count == output.count, "\(input.count) tokens in, \(output.count) out")
    if let bias { precondition(biasOffset >= 0 && biasOffset + matrix.rows <= bias.count) }
    view = ProductView(
      matrix: matrix, bias: bias.map { UnsafePointer($0.base + biasOffset) }, input: input.view,
      output: output.view)
    owners = (input, output, bias)
  }
}

/// A product as kernels see it: pointers and counts, no references.
///
/// Each tile gets a copy. With references in it the threads would count the same objects' owners up and down at the same time,
/// which took half a microsecond a tile, a twentieth of a decoded token.
package struct ProductView: @unchecked Sendable {
  let matrix: WeightMatrix
  let bias: UnsafePointer<Float>?
  let input: FloatRows
  let output: FloatRows
  /// The input, quantized, for kernels that ask for it.
  var quantized: QuantizedRows?

  /// Whether neighboring tiles may be multiplied as one. For a few tokens, which wait for memory: after each tile its stream starts
  /// anew, and with four tiles at once it runs 10 % faster. With more tokens a tile is sized for the caches.
  var joinsTiles: Bool { quantized?.panelCount == 1 }
}
