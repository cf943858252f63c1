public import GPTOSSKernels
public import _Builtin_intrinsics.arm.neon

extension NEONRecords {
  /// Sixteen bytes of four rows at a time: transpositions of four by four lanes.
  @inlinable @inline(__always)
  package static func interleave(
    _ format: InterleavedFormat, _ rows: UnsafeRawPointer, bytesPerRow: Int, columns: Int,
    output: UnsafeMutableRawPointer
  ) {
    let sign = vdupq_n_u32(format.signBits)
    var record = output
    for block in 0..<(columns / InterleavedFormat.columnsPerBlock) {
      // Rows lie one after the other, so the next sixteen are one piece of memory.
      NEON.prefetchStream(
        format, rows, ahead: 16 &* bytesPerRow &+ format.recordByteCount &* block, everyLines: 1)
      let source = rows + format.fileBytesPerBlock &* block
      for row in 0..<16 {
        let scale = source + bytesPerRow &* row
        switch format {
        case .mxfp4: record.storeBytes(of: scale.load(as: UInt8.self), toByteOffset: row, as: UInt8.self)
        case .q8_0:
          record.storeBytes(of: scale.loadUnaligned(as: UInt16.self), toByteOffset: 2 &* row, as: UInt16.self)
        }
      }
      for part in 0..<4 {
        for piece in 0..<(format.vectorCount / 4) {
          let first = source + (4 &* part &* bytesPerRow &+ format.scaleByteCount &+ 16 &* piece)
          func row(_ index: Int) -> uint32x4_t {
            veorq_u32((first + bytesPerRow &* index).loadUnaligned(as: uint32x4_t.self), sign)
          }
          let (a, b, c, d) = (row(0), row(1), row(2), row(3))
          let (abEven, abOdd) = (pairs(vtrn1q_u32(a, b)), pairs(vtrn2q_u32(a, b)))
          let (cdEven, cdOdd) = (pairs(vtrn1q_u32(c, d)), pairs(vtrn2q_u32(c, d)))
          let vector = record + (16 &* format.scaleByteCount &+ 256 &* piece &+ 16 &* part)
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
