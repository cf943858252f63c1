public import GPTOSSCInstructions
public import GPTOSSKernels
public import _Builtin_intrinsics.intel

/// The vector instructions of AVX2 with FMA and F16C, in 256-bit registers: eight lanes, sixteen registers.
///
/// A set that has them names what multiplies integers, `dotPairs` for pairs of 16 bits. All else is here, and
/// is inlined into the module of the set.
@usableFromInline
package protocol YMMInstructions: VectorInstructions where Vector == __m256, Integers == __m256i {}

extension YMMInstructions {
  @inlinable @inline(__always) package static var laneCount: Int { 8 }
  @inlinable @inline(__always) package static var rowsPerBlock: Int { 4 }
  /// Of sixteen registers twelve hold sums; each vector of weights is loaded for two tokens.
  @inlinable @inline(__always) package static var rowsAtOnce: Int { 3 }
  @inlinable @inline(__always) package static var tokensAtOnce: Int { 2 }

  @inlinable @inline(__always) package static func load(_ pointer: UnsafePointer<Float>) -> __m256 {
    _mm256_loadu_ps(pointer)
  }

  @inlinable @inline(__always) package static func load(_ pointer: UnsafePointer<UInt16>) -> __m256 {
    _mm256_cvtph_ps(UnsafeRawPointer(pointer).loadUnaligned(as: __m128i.self))
  }

  @inlinable @inline(__always) package static func load(_ pointer: UnsafePointer<UInt8>) -> __m256 {
    let bytes = _mm_loadl_epi64(UnsafeRawPointer(pointer).assumingMemoryBound(to: __m128i.self))
    return _mm256_cvtepi32_ps(_mm256_cvtepu8_epi32(bytes))
  }

  @inlinable @inline(__always) package static func load(_ pointer: UnsafePointer<Int8>) -> __m256 {
    let bytes = _mm_loadl_epi64(UnsafeRawPointer(pointer).assumingMemoryBound(to: __m128i.self))
    return _mm256_cvtepi32_ps(_mm256_cvtepi8_epi32(bytes))
  }

  @inlinable @inline(__always)
  package static func store(_ vector: __m256, _ pointer: UnsafeMutablePointer<Float>) {
    _mm256_storeu_ps(pointer, vector)
  }

  @inlinable @inline(__always)
  package static func store(_ vector: __m256, _ pointer: UnsafeMutablePointer<UInt16>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: roundToHalf256(vector), as: __m128i.self)
  }

  @inlinable @inline(__always)
  package static func broadcast(_ value: Float) -> __m256 { _mm256_set1_ps(value) }

  @inlinable @inline(__always) package static func prefetch(_ address: UnsafeRawPointer) {
    GPTOSSCInstructions.prefetchToSecondLevel(address)
  }

  @inlinable @inline(__always)
  package static func add(_ x: __m256, _ y: __m256) -> __m256 { _mm256_add_ps(x, y) }

  @inlinable @inline(__always)
  package static func subtract(_ x: __m256, _ y: __m256) -> __m256 { _mm256_sub_ps(x, y) }

  @inlinable @inline(__always)
  package static func multiply(_ x: __m256, _ y: __m256) -> __m256 { _mm256_mul_ps(x, y) }

  @inlinable @inline(__always)
  package static func divide(_ x: __m256, _ y: __m256) -> __m256 { _mm256_div_ps(x, y) }

  @inlinable @inline(__always)
  package static func multiplyAdd(_ x: __m256, _ y: __m256, _ z: __m256) -> __m256 {
    _mm256_fmadd_ps(x, y, z)
  }

  @inlinable @inline(__always)
  package static func maximum(_ x: __m256, _ y: __m256) -> __m256 { _mm256_max_ps(x, y) }

  @inlinable @inline(__always)
  package static func minimum(_ x: __m256, _ y: __m256) -> __m256 { _mm256_min_ps(x, y) }

  @inlinable @inline(__always) package static func shiftedToExponent(_ x: __m256) -> __m256 {
    _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_castps_si256(x), 23))
  }

  @inlinable @inline(__always) package static func load(_ pointer: UnsafePointer<Int32>) -> __m256i {
    UnsafeRawPointer(pointer).loadUnaligned(as: __m256i.self)
  }

  @inlinable @inline(__always)
  package static func broadcastPair(_ value: Int32) -> __m256i { _mm256_set1_epi32(value) }

  @inlinable @inline(__always)
  package static func floats(_ x: __m256i) -> __m256 { _mm256_cvtepi32_ps(x) }

  @inlinable @inline(__always)
  package static func store(_ vector: __m256, _ pointer: UnsafeMutablePointer<Int16>) {
    let integers = _mm256_cvtps_epi32(vector)
    let packed = _mm_packs_epi32(_mm256_castsi256_si128(integers), upper128(integers))
    UnsafeMutableRawPointer(pointer).storeBytes(of: packed, as: __m128i.self)
  }

  @inlinable @inline(__always) package static func sum(_ x: __m256) -> Float {
    let four = x.lowHalf + x.highHalf
    let two = four.lowHalf + four.highHalf
    return two[0] + two[1]
  }

  @inlinable @inline(__always) package static func maximum(_ x: __m256) -> Float {
    let four = _mm_max_ps(x.lowHalf, x.highHalf)
    return max(max(four[0], four[1]), max(four[2], four[3]))
  }
}
