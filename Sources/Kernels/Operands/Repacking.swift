package import GPTOSSBlockFormats

extension InterleavedFormat {
  /// Interleaves one group: at most sixteen rows that lie as in the file.
  ///
  /// Weights move four bytes at a time, because a lane's four bytes are neighbors in the file too. Rows that
  /// are missing become as rows of zero bytes would: their scale is zero.
  ///
  /// - Parameters:
  ///   - rows: the first row's first block.
  ///   - count: rows present, 1 to 16.
  ///   - columns: a multiple of 32.
  ///   - output: receives `groupByteCount(columns:)` bytes.
  @inlinable @inline(__always)
  package func interleave(
    _ rows: UnsafeRawPointer, bytesPerRow: Int, count: Int, columns: Int, output: UnsafeMutableRawPointer
  ) {
    guard headerByteCount == 0 else {
      return interleaveK(rows, bytesPerRow: bytesPerRow, count: count, columns: columns, output: output)
    }
    for block in 0..<(columns / InterleavedFormat.columnsPerBlock) {
      let record = output + block &* recordByteCount
      let vectors = record + 16 &* scaleByteCount
      for lane in 0..<16 {
        let lanes = vectors + 4 &* lane
        guard lane < count else {
          for number in 0..<numberCount {
            for byte in 0..<numberByteCount {
              let byteOffset = byteOffset(ofNumber: number, lane: lane) &+ byte
              record.storeBytes(of: 0, toByteOffset: byteOffset, as: UInt8.self)
            }
          }
          for vector in 0..<vectorCount {
            lanes.storeBytes(of: signBits, toByteOffset: 64 &* vector, as: UInt32.self)
          }
          continue
        }
        let source = rows + (lane &* bytesPerRow &+ block &* fileBytesPerBlock)
        switch scales {
        case .e8m0, .sixBits, .signedBytes:
          record.storeBytes(of: source.load(as: UInt8.self), toByteOffset: lane, as: UInt8.self)
        case .float16:
          for number in 0..<numberCount {
            record.storeBytes(
              of: source.loadUnaligned(fromByteOffset: 2 &* number, as: UInt16.self),
              toByteOffset: byteOffset(ofNumber: number, lane: lane), as: UInt16.self)
          }
        }
        let quants = source + scaleByteCount
        for vector in 0..<vectorCount {
          let four = quants.loadUnaligned(fromByteOffset: 4 &* vector, as: UInt32.self)
          lanes.storeBytes(of: four ^ signBits, toByteOffset: 64 &* vector, as: UInt32.self)
        }
      }
      orderHighBits(of: vectors)
    }
  }

  /// What a row's four bytes of a record's vector were in the file.
  func fileOrder(of four: UInt32, vector: Int) -> UInt32 {
    switch codes {
    case .bytes, .nibblesOfE2M1, .nibbles, .nibblesAndHighPairs: four ^ signBits
    case .nibblesAndHighBits: vector == 0 ? HighBits.inOrder(four) : four
    }
  }

  /// Moves the high bits of a record, which still stand as in the file, to the columns that they belong to.
  @inlinable @inline(__always)
  package func orderHighBits(of vectors: UnsafeMutableRawPointer) {
    switch codes {
    case .bytes, .nibblesOfE2M1, .nibbles, .nibblesAndHighPairs: return
    case .nibblesAndHighBits:
      let bits = vectors.loadUnaligned(as: SIMD16<UInt32>.self)
      vectors.storeBytes(of: HighBits.byColumn(bits), as: SIMD16<UInt32>.self)
    }
  }
}

/// The highest bits of a block's 32 weights: bit *c* is column *c*'s in the file, while a record wants that
/// of column 4g + *b* as bit *g* of byte *b*.
@usableFromInline
enum HighBits {
  /// From the file's order to the record's, for sixteen rows.
  ///
  /// The multiplication puts copies of four bits 7 places apart. They do not overlap, and bit *b* of copy *b*
  /// is bit 8b.
  @inlinable @inline(__always)
  static func byColumn(_ bits: SIMD16<UInt32>) -> SIMD16<UInt32> {
    var ordered = SIMD16<UInt32>()
    for g: UInt32 in 0..<8 {
      let four = (bits &>> (4 &* g)) & 0x0F
      ordered |= (four &* 0x0020_4081 & 0x0101_0101) &<< g
    }
    return ordered
  }

  /// From the record's order back to the file's.
  ///
  /// The multiplication brings bits 0, 8, 16 and 24 to the four highest places, and no two to the same place.
  static func inOrder(_ ordered: UInt32) -> UInt32 {
    (0..<8).reduce(0) { bits, g in
      let copies = (ordered >> g & 0x0101_0101) &* 0x1020_4080
      return bits | (copies >> 28) << (4 * g)
    }
  }
}

extension ProductKernels {
  /// Copies rows of a matrix that lies as in the file to memory that has `layout`.
  ///
  /// - Parameters:
  ///   - range: rows of the matrix; the first is a multiple of 16, and so is the end, or it is the last
  ///     row's.
  ///   - output: the memory of the whole matrix, `matrix.byteCount(in: layout)` bytes.
  /// - Precondition: the matrix lies as in the file.
  package func repack(
    _ matrix: WeightMatrix, rows range: Range<Int>, as layout: WeightLayout, output: UnsafeMutableRawPointer
  ) {
    precondition(matrix.layout == .rows && range.lowerBound % 16 == 0 && range.upperBound <= matrix.rows)
    guard layout == .interleaved16, let format = InterleavedFormat(repacking: matrix.format) else {
      let byteOffset = range.lowerBound * matrix.bytesPerRow
      (output + byteOffset).copyMemory(
        from: matrix.base + byteOffset, byteCount: range.count * matrix.bytesPerRow)
      return
    }
    guard format.blockFormat == matrix.format else { return matrix.repackAsQ8_0(range, output: output) }
    for first in stride(from: range.lowerBound, to: range.upperBound, by: 16) {
      let rows = matrix.base + first * matrix.bytesPerRow
      let group = output + first / 16 * format.groupByteCount(columns: matrix.columns)
      let count = min(16, range.upperBound - first)
      if count == 16 {
        interleave(
          format, rows, bytesPerRow: matrix.bytesPerRow, columns: matrix.columns, output: group)
      } else {
        format.interleave(
          rows, bytesPerRow: matrix.bytesPerRow, count: count, columns: matrix.columns, output: group)
      }
    }
  }
}

extension BlockFormat {
  /// Bytes that weights which take `byteCount` bytes in this format take in `layout`, rows that fill groups
  /// aside.
  package func byteCount(_ byteCount: Int, in layout: WeightLayout) -> Int {
    guard layout == .interleaved16, let format = InterleavedFormat(repacking: self) else { return byteCount }
    return byteCount / bytesPerBlock * format.groupByteCount(columns: weightsPerBlock) / 16
  }
}

extension WeightMatrix {
  /// Bytes that the matrix takes in `layout`.
  ///
  /// - Precondition: the format has the layout.
  package func byteCount(in layout: WeightLayout) -> Int {
    switch layout {
    case .rows: return rows * bytesPerRow
    case .interleaved16:
      guard let format = InterleavedFormat(repacking: format) else {
        preconditionFailure("\(format) does not interleave")
      }
      return format.byteCount(rows: rows, columns: columns)
    }
  }

  /// The matrix in the given layout over memory that `ProductKernels.repack` fills.
  package func view(_ layout: WeightLayout, bytes: UnsafeRawBufferPointer) -> WeightMatrix {
    guard layout == .interleaved16, let interleaved = InterleavedFormat(repacking: format) else {
      return WeightMatrix(format: format, rows: rows, columns: columns, bytes: bytes)
    }
    return WeightMatrix(interleaved: interleaved, rows: rows, columns: columns, bytes: bytes)
  }

  /// Writes blocks of a scale and integers as Q8_0 and interleaves those.
  fileprivate func repackAsQ8_0(_ range: Range<Int>, output: UnsafeMutableRawPointer) {
    let groupByteCount = InterleavedFormat.q8_0.groupByteCount(columns: columns)
    let q8RowByteCount = columns / Q8_0.weightsPerBlock * Q8_0.bytesPerBlock
    withUnsafeTemporaryAllocation(byteCount: 16 * q8RowByteCount, alignment: 64) { rows in
      guard let rows = rows.baseAddress else { return }
      for first in stride(from: range.lowerBound, to: range.upperBound, by: 16) {
        let count = min(16, range.upperBound - first)
        for row in 0..<count { writeAsQ8_0(row: first + row, to: rows + row * q8RowByteCount) }
        InterleavedFormat.q8_0.interleave(
          rows, bytesPerRow: q8RowByteCount, count: count, columns: columns,
          output: output + first / 16 * groupByteCount)
      }
    }
  }

  /// The integers of a block are its weights when its scale, the first two bytes, is one.
  private func writeAsQ8_0(row: Int, to output: UnsafeMutableRawPointer) {
    let size = format.bytesPerBlock
    withUnsafeTemporaryAllocation(byteCount: size, alignment: 4) { block in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: 32) { weights in
        weights.initialize(repeating: 0)
        for index in 0..<(columns / 32) {
          let destination = output + index * Q8_0.bytesPerBlock
          block.copyMemory(
            from: UnsafeRawBufferPointer(start: base + row * bytesPerRow + index * size, count: size))
          destination.copyMemory(from: UnsafeRawPointer(block.baseAddress ?? destination), byteCount: 2)
          block.storeBytes(of: (1 as Float).float16Bits.littleEndian, as: UInt16.self)
          format.decode(UnsafeRawBufferPointer(block).bytes, into: weights.mutableSpan)
          for i in 0..<32 { destination.storeBytes(of: Int8(weights[i]), toByteOffset: 2 + i, as: Int8.self) }
        }
      }
    }
  }

  /// Takes one row back out of its group, as it lay in the file.
  func deinterleave(row: Int, _ interleaved: InterleavedFormat, into output: UnsafeMutableRawPointer) {
    let lane = row % 16
    let group = base + row / 16 * interleaved.groupByteCount(columns: columns)
    guard interleaved.headerByteCount == 0 else {
      return interleaved.deinterleaveK(group, lane: lane, columns: columns, output: output)
    }
    let scaleByteCount = interleaved.scaleByteCount
    for block in 0..<(columns / InterleavedFormat.columnsPerBlock) {
      let record = group + block * interleaved.recordByteCount
      let destination = output + block * interleaved.fileBytesPerBlock
      for number in 0..<interleaved.numberCount {
        let size = interleaved.numberByteCount
        (destination + size * number).copyMemory(
          from: record + interleaved.byteOffset(ofNumber: number, lane: lane), byteCount: size)
      }
      for vector in 0..<interleaved.vectorCount {
        let four = record.loadUnaligned(
          fromByteOffset: 16 * scaleByteCount + 64 * vector + 4 * lane, as: UInt32.self)
        destination.storeBytes(
          of: interleaved.fileOrder(of: four, vector: vector), toByteOffset: scaleByteCount + 4 * vector,
          as: UInt32.self)
      }
    }
  }

  /// Lends the bytes of one row as they lay in the file.
  func withRow<R>(_ row: Int, _ body: (UnsafeRawBufferPointer) -> R) -> R {
    guard layout == .interleaved16, let interleaved = InterleavedFormat(format) else {
      return body(self.row(row))
    }
    return withUnsafeTemporaryAllocation(byteCount: bytesPerRow, alignment: 4) { bytes in
      if let start = bytes.baseAddress { deinterleave(row: row, interleaved, into: start) }
      return body(UnsafeRawBufferPointer(bytes))
    }
  }
}
