import GPTOSSCInstructions
import GPTOSSKernels
package import _Builtin_intrinsics.intel

/// AVX-512: sixteen lanes, thirty-two registers.
package enum AVX512: VectorInstructions {
  @inline(__always) package static var laneCount: Int { 16 }
  @inline(__always) package static var rowsPerBlock: Int { 8 }
  @inline(__always) package static var rowsAtOnce: Int { 4 }
  @inline(__always) package static var tokensAtOnce: Int { 2 }

  @inline(__always) package static func load(_ pointer: UnsafePointer<Float>) -> __m512 {
    _mm512_loadu_ps(pointer)
  }

  @inline(__always) package static func load(_ pointer: UnsafePointer<UInt16>) -> __m512 {
    _mm512_cvtph_ps(UnsafeRawPointer(pointer).loadUnaligned(as: __m256i.self))
  }

  @inline(__always) package static func load(_ pointer: UnsafePointer<UInt8>) -> __m512 {
    let bytes = UnsafeRawPointer(pointer).loadUnaligned(as: __m128i.self)
    return _mm512_cvtepi32_ps(_mm512_cvtepu8_epi32(bytes))
  }

  @inline(__always) package static func load(_ pointer: UnsafePointer<Int8>) -> __m512 {
    let bytes = UnsafeRawPointer(pointer).loadUnaligned(as: __m128i.self)
    return _mm512_cvtepi32_ps(_mm512_cvtepi8_epi32(bytes))
  }

  @inline(__always) package static func store(_ vector: __m512, _ pointer: UnsafeMutablePointer<Float>) {
    _mm512_storeu_ps(pointer, vector)
  }

  @inline(__always) package static func store(_ vector: __m512, _ pointer: UnsafeMutablePointer<UInt16>) {
    UnsafeMutableRawPointer(pointer).storeBytes(of: roundToHalf512(vector), as: __m256i.self)
  }

  @inline(__always) package static func broadcast(_ value: Float) -> __m512 { _mm512_set1_ps(value) }

  @inline(__always) package static func prefetch(_ address: UnsafeRawPointer) {
    GPTOSSCInstructions.prefetchToSecondLevel(address)
  }

  @inline(__always) package static func add(_ x: __m512, _ y: __m512) -> __m512 { _mm512_add_ps(x, y) }

  @inline(__always) package static func subtract(_ x: __m512, _ y: __m512) -> __m512 { _mm512_sub_ps(x, y) }

  @inline(__always) package static func multiply(_ x: __m512, _ y: __m512) -> __m512 { _mm512_mul_ps(x, y) }

  @inline(__always) package static func divide(_ x: __m512, _ y: __m512) -> __m512 { _mm512_div_ps(x, y) }

  @inline(__always) package static func multiplyAdd(_ x: __m512, _ y: __m512, _ z: __m512) -> __m512 {
    _mm512_fmadd_ps(x, y, z)
  }

  @inline(__always) package static func maximum(_ x: __m512, _ y: __m512) -> __m512 { _mm512_max_ps(x, y) }

  @inline(__always) package static func minimum(_ x: __m512, _ y: __m512) -> __m512 { _mm512_min_ps(x, y) }

  @inline(__always) package static func shiftedToExponent(_ x: __m512) -> __m512 {
    _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_castps_si512(x), 23))
  }

  @inline(__always) package static func load(_ pointer: UnsafePointer<Int32>) -> __m512i {
    _mm512_loadu_si512(pointer)
  }

  @inline(__always) package static func broadcastPair(_ value: Int32) -> __m512i { _mm512_set1_epi32(value) }

  @inline(__always) package static func dotPairs(_ x: __m512i, _ y: __m512i, _ sum: __m512i) -> __m512i {
    dpwssd512(sum, x, y)
  }

  @inline(__always) package static func floats(_ x: __m512i) -> __m512 { _mm512_cvtepi32_ps(x) }

  @inline(__always) package static func store(_ vector: __m512, _ pointer: UnsafeMutablePointer<Int16>) {
    UnsafeMutableRawPointer(pointer).storeBytes(
      of: _mm512_cvtepi32_epi16(_mm512_cvtps_epi32(vector)), as: __m256i.self)
  }

  /// As a tree of halves: so LLVM lowers a sum whose order is left to it. (Halves taken in Swift are added lane
  /// by lane.)
  @inline(__always) package static func sum(_ x: __m512) -> Float { _mm512_reduce_add_ps(x) }

  @inline(__always) package static func maximum(_ x: __m512) -> Float { _mm512_reduce_max_ps(x) }
}
