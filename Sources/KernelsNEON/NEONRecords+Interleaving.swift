public import GPTOSSKernels
public import _Builtin_intrinsics.arm.neon

extension NEONRecords {
  /// Sixteen bytes of four rows at a time: transpositions of four by four lanes.
  @inlinable @inline(__always)
  package static func interleave(
    _ format: InterleavedFormat, _ rows: UnsafeRawPointer, bytesPerRow: Int, columns: Int,
    output: UnsafeMutableRawPointer
  ) {
    guard format.headerByteCount == 0 else {
      return format.interleave(
        rows, bytesPerRow: bytesPerRow, count: 16, columns: columns, output: output)
    }
    let sign = vdupq_n_u32(format.signBits)
    // High bits, a vector of their own before the others.
    let single = format.vectorCount % 4
    var record = output
    for block in 0..<(columns / InterleavedFormat.columnsPerBlock) {
      // Rows lie one after the other, so the next sixteen are one piece of memory.
      NEON.prefetchStream(
        format, rows, ahead: 16 &* bytesPerRow &+ format.recordByteCount &* block, everyLines: 1)
      let source = rows + format.fileBytesPerBlock &* block
      let vectors = record + 16 &* format.scaleByteCount
      for row in 0..<16 {
        let start = source + bytesPerRow &* row
        switch format.scales {
        case .e8m0, .sixBits, .signedBytes:
          record.storeBytes(of: start.load(as: UInt8.self), toByteOffset: row, as: UInt8.self)
        case .float16:
          for number in 0..<format.numberCount {
            record.storeBytes(
              of: start.loadUnaligned(fromByteOffset: 2 &* number, as: UInt16.self),
              toByteOffset: format.byteOffset(ofNumber: number, lane: row), as: UInt16.self)
          }
        }
        for vector in 0..<single {
          vectors.storeBytes(
            of: start.loadUnaligned(fromByteOffset: format.scaleByteCount &+ 4 &* vector, as: UInt32.self),
            toByteOffset: 64 &* vector &+ 4 &* row, as: UInt32.self)
        }
      }
      format.orderHighBits(of: vectors)
      for part in 0..<4 {
        for piece in 0..<(format.vectorCount / 4) {
          let column = 4 &* single &+ 16 &* piece
          let first = source + (4 &* part &* bytesPerRow &+ format.scaleByteCount &+ column)
          func row(_ index: Int) -> uint32x4_t {
            veorq_u32((first + bytesPerRow &* index).loadUnaligned(as: uint32x4_t.self), sign)
          }
          let (a, b, c, d) = (row(0), row(1), row(2), row(3))
          let (abEven, abOdd) = (pairs(vtrn1q_u32(a, b)), pairs(vtrn2q_u32(a, b)))
          let (cdEven, cdOdd) = (pairs(vtrn1q_u32(c, d)), pairs(vtrn2q_u32(c, d)))
          let vector = vectors + (16 &* column &+ 16 &* part)
          vector.storeBytes(of: vtrn1q_u64(abEven, cdEven), as: uint64x2_t.self)
          vector.storeBytes(of: vtrn1q_u64(abOdd, cdOdd), toByteOffset: 64, as: uint64x2_t.self)
          vector.storeBytes(of: vtrn2q_u64(abEven, cdEven), toByteOffset: 128, as: uint64x2_t.self)
          vector.storeBytes(of: vtrn2q_u64(abOdd, cdOdd), toByteOffset: 192, as: uint64x2_t.self)
        }
      }
      record += format.recordByteCount
    }
  }

  /// Two neighboring lanes as one.
  @inlinable @inline(__always)
  static func pairs(_ x: uint32x4_t) -> uint64x2_t { unsafeBitCast(x, to: uint64x2_t.self) }
}
