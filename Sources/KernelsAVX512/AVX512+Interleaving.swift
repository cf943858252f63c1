import GPTOSSCInstructions
package import GPTOSSKernels
import _Builtin_intrinsics.intel

/// From sixteen rows as they lie in the file to records.
extension AVX512 {
  /// Sixteen bytes of sixteen rows at a time: four by four transpositions of four bytes.
  @inline(__always)
  package static func interleave(
    _ format: InterleavedFormat, _ rows: UnsafeRawPointer, bytesPerRow: Int, columns: Int,
    output: UnsafeMutableRawPointer
  ) {
    guard format.headerByteCount == 0 else {
      return format.interleave(
        rows, bytesPerRow: bytesPerRow, count: 16, columns: columns, output: output)
    }
    var record = output
    for block in 0..<(columns / InterleavedFormat.columnsPerBlock) {
      let source = rows + format.fileBytesPerBlock &* block
      prefetchStream(
        format, rows + 16 &* bytesPerRow, ahead: format.recordByteCount &* block, everyLines: 1)
      for row in 0..<16 {
        let scale = source + bytesPerRow &* row
        switch format.scales {
        case .e8m0, .sixBits, .signedBytes:
          record.storeBytes(of: scale.load(as: UInt8.self), toByteOffset: row, as: UInt8.self)
        case .float16:
          for number in 0..<format.numberCount {
            record.storeBytes(
              of: scale.loadUnaligned(fromByteOffset: 2 &* number, as: UInt16.self),
              toByteOffset: format.byteOffset(ofNumber: number, lane: row), as: UInt16.self)
          }
        }
      }
      let vectors = record + 16 &* format.scaleByteCount
      // High bits, a vector of their own before the others.
      let single = format.vectorCount % 4
      for vector in 0..<single {
        let four = source + (format.scaleByteCount &+ 4 &* vector)
        for row in 0..<16 {
          vectors.storeBytes(
            of: (four + bytesPerRow &* row).loadUnaligned(as: UInt32.self),
            toByteOffset: 64 &* vector &+ 4 &* row, as: UInt32.self)
        }
      }
      format.orderHighBits(of: vectors)
      for piece in 0..<(format.vectorCount / 4) {
        let quants = source + (format.scaleByteCount &+ 4 &* single &+ 16 &* piece)
        let a = everyFourth(quants, bytesPerRow)
        let b = everyFourth(quants + bytesPerRow, bytesPerRow)
        let c = everyFourth(quants + 2 &* bytesPerRow, bytesPerRow)
        let d = everyFourth(quants + 3 &* bytesPerRow, bytesPerRow)
        let (abLow, abHigh) = (_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b))
        let (cdLow, cdHigh) = (_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d))
        let offset = _mm512_set1_epi32(Int32(bitPattern: format.signBits))
        let four = vectors + (64 &* single &+ 256 &* piece)
        _mm512_storeu_si512(four, _mm512_xor_si512(_mm512_unpacklo_epi64(abLow, cdLow), offset))
        _mm512_storeu_si512(four + 64, _mm512_xor_si512(_mm512_unpackhi_epi64(abLow, cdLow), offset))
        _mm512_storeu_si512(four + 128, _mm512_xor_si512(_mm512_unpacklo_epi64(abHigh, cdHigh), offset))
        _mm512_storeu_si512(four + 192, _mm512_xor_si512(_mm512_unpackhi_epi64(abHigh, cdHigh), offset))
      }
      record += format.recordByteCount
    }
  }

  /// Sixteen bytes each of rows 0, 4, 8 and 12 from here on.
  @inline(__always)
  private static func everyFourth(_ quants: UnsafeRawPointer, _ bytesPerRow: Int) -> __m512i {
    join128(
      load128(quants), load128(quants + 4 &* bytesPerRow), load128(quants + 8 &* bytesPerRow),
      load128(quants + 12 &* bytesPerRow))
  }
}

@inline(__always)
private func load128(_ pointer: UnsafeRawPointer) -> __m128i {
  _mm_loadu_si128(pointer.assumingMemoryBound(to: __m128i.self))
}
