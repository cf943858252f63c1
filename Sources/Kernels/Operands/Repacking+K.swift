import GPTOSSBlockFormats

/// Q4_K, Q5_K and Q6_K, whose blocks of 256 columns become eight records and their header.
///
/// In the file a byte holds the nibbles of two columns that stand 32 or 64 apart, in a record those of two
/// that stand sixteen apart. Likewise the high bits of a file's byte belong to one column of each of several
/// groups of 32, those of a record's byte to several columns of one group.
extension InterleavedFormat {
  /// Bytes of a block in the file.
  private var bytesPerSuperblock: Int { blockFormat.bytesPerBlock }

  /// Bytes of eight records and their header.
  private var superrecordByteCount: Int {
    headerByteCount + Self.recordsPerHeader * recordByteCount
  }

  /// The numbers of the header, *d* and perhaps *dmin*, and where they begin in the file's block.
  private var headerNumbers: (count: Int, byteOffset: Int) {
    scales == .signedBytes ? (1, bytesPerSuperblock - 2) : (2, 0)
  }

  /// Where a block in the file has the nibbles of a group of 32 columns: in 32 bytes from here on, so many
  /// places to the left.
  private func fileNibbles(_ group: Int) -> (byteOffset: Int, shift: UInt32) {
    switch codes {
    case .nibblesAndHighPairs: (group / 4 * 64 + group % 2 * 32, UInt32(group % 4 / 2 * 4))
    default: (bytesPerSuperblock - 128 + group / 2 * 32, UInt32(group % 2 * 4))
    }
  }

  /// Where it has the group's high bits, likewise, and how many there are per column.
  private func fileHighBits(_ group: Int) -> (byteOffset: Int, shift: UInt32, count: Int) {
    switch codes {
    case .nibblesAndHighBits: (16, UInt32(group), 1)
    case .nibblesAndHighPairs: (128 + group / 4 * 32, UInt32(group % 4 * 2), 2)
    default: (0, 0, 0)
    }
  }

  /// `interleave`, for formats with headers.
  @usableFromInline
  func interleaveK(
    _ rows: UnsafeRawPointer, bytesPerRow: Int, count: Int, columns: Int, output: UnsafeMutableRawPointer
  ) {
    // One branch per format, so that each loop is compiled for its constants.
    switch self {
    case .mxfp4, .q8_0, .q5_0, .q5_1: preconditionFailure("\(self) has no headers")
    case .q4_K: Self.q4_K.interleaveBlocks(rows, bytesPerRow, count, columns, output)
    case .q5_K: Self.q5_K.interleaveBlocks(rows, bytesPerRow, count, columns, output)
    case .q6_K: Self.q6_K.interleaveBlocks(rows, bytesPerRow, count, columns, output)
    }
  }

  @inline(__always)
  private func interleaveBlocks(
    _ rows: UnsafeRawPointer, _ bytesPerRow: Int, _ count: Int, _ columns: Int,
    _ output: UnsafeMutableRawPointer
  ) {
    let numbers = headerNumbers
    for block in 0..<(columns / Q4_K.weightsPerBlock) {
      let header = output + block &* superrecordByteCount
      if count < 16 { header.initializeMemory(as: UInt8.self, repeating: 0, count: superrecordByteCount) }
      for lane in 0..<count {
        let source = rows + (lane &* bytesPerRow &+ block &* bytesPerSuperblock)
        for number in 0..<numbers.count {
          header.storeBytes(
            of: source.loadUnaligned(fromByteOffset: numbers.byteOffset &+ 2 &* number, as: UInt16.self),
            toByteOffset: 32 &* number &+ 2 &* lane, as: UInt16.self)
        }
        for group in 0..<Self.recordsPerHeader {
          interleaveGroup(
            source, group, lane, record: header + (headerByteCount &+ group &* recordByteCount))
        }
      }
    }
  }

  /// One group of 32 columns of one row.
  @inline(__always)
  private func interleaveGroup(
    _ block: UnsafeRawPointer, _ group: Int, _ lane: Int, record: UnsafeMutableRawPointer
  ) {
    let (first, second) = fileScales(block, group)
    record.storeBytes(of: first, toByteOffset: byteOffset(ofNumber: 0, lane: lane), as: UInt8.self)
    record.storeBytes(of: second, toByteOffset: byteOffset(ofNumber: 1, lane: lane), as: UInt8.self)
    var lanes = record + (16 &* scaleByteCount &+ 4 &* lane)
    let high = fileHighBits(group)
    let mask = HighBits.mask(high.count)
    // A vector for as many fours of columns as have their bits in one byte.
    let foursPerVector = high.count > 0 ? 8 / high.count : 8
    for vector in 0..<high.count {
      var bits: UInt32 = 0
      for four in 0..<foursPerVector {
        let byteOffset = high.byteOffset &+ 4 &* (foursPerVector &* vector &+ four)
        let columns = block.loadUnaligned(fromByteOffset: byteOffset, as: UInt32.self)
        bits |= (columns &>> high.shift & mask) &<< UInt32(high.count &* four)
      }
      lanes.storeBytes(of: bits, as: UInt32.self)
      lanes += 64
    }
    let nibbles = fileNibbles(group)
    for four in 0..<4 {
      let source = block + (nibbles.byteOffset &+ 4 &* four)
      let low = source.loadUnaligned(as: UInt32.self) &>> nibbles.shift
      let high = source.loadUnaligned(fromByteOffset: 16, as: UInt32.self) &>> nibbles.shift
      let pairs = low & 0x0F0F_0F0F | (high & 0x0F0F_0F0F) &<< 4
      lanes.storeBytes(of: pairs, toByteOffset: 64 &* four, as: UInt32.self)
    }
  }

  /// The scale and the minimum of a group of 32 columns, or its two scales.
  @inline(__always)
  private func fileScales(_ block: UnsafeRawPointer, _ group: Int) -> (UInt8, UInt8) {
    guard scales == .signedBytes else {
      let span = UnsafeRawBufferPointer(start: block, count: bytesPerSuperblock).bytes
      let (scale, minimum) = KScales.unpack(group, from: span, at: 4)
      return (scale, minimum)
    }
    let scales = block + (Self.q6_KScalesOffset &+ 2 &* group)
    return (scales.load(as: UInt8.self), scales.load(fromByteOffset: 1, as: UInt8.self))
  }

  private static var q6_KScalesOffset: Int { 192 }

  /// One row as it lay in the file.
  func deinterleaveK(
    _ group: UnsafeRawPointer, lane: Int, columns: Int, output: UnsafeMutableRawPointer
  ) {
    let numbers = headerNumbers
    for block in 0..<(columns / Q4_K.weightsPerBlock) {
      let header = group + block * superrecordByteCount
      let destination = output + block * bytesPerSuperblock
      destination.initializeMemory(as: UInt8.self, repeating: 0, count: bytesPerSuperblock)
      for number in 0..<numbers.count {
        destination.storeBytes(
          of: header.load(fromByteOffset: 32 * number + 2 * lane, as: UInt16.self),
          toByteOffset: numbers.byteOffset + 2 * number, as: UInt16.self)
      }
      for group in 0..<Self.recordsPerHeader {
        deinterleaveGroup(
          header + (headerByteCount + group * recordByteCount), group, lane, block: destination)
      }
    }
  }

  /// Adds one group of 32 columns to a block of zeros.
  private func deinterleaveGroup(
    _ record: UnsafeRawPointer, _ group: Int, _ lane: Int, block: UnsafeMutableRawPointer
  ) {
    func add(_ bits: UInt32, _ byteOffset: Int) {
      let old = block.loadUnaligned(fromByteOffset: byteOffset, as: UInt32.self)
      block.storeBytes(of: old | bits, toByteOffset: byteOffset, as: UInt32.self)
    }
    addScales(
      record.load(fromByteOffset: byteOffset(ofNumber: 0, lane: lane), as: UInt8.self),
      record.load(fromByteOffset: byteOffset(ofNumber: 1, lane: lane), as: UInt8.self), group, to: block)
    var lanes = record + (16 * scaleByteCount + 4 * lane)
    let high = fileHighBits(group)
    let mask = HighBits.mask(high.count)
    let foursPerVector = high.count > 0 ? 8 / high.count : 8
    for vector in 0..<high.count {
      let bits = lanes.loadUnaligned(as: UInt32.self)
      for four in 0..<foursPerVector {
        add(
          (bits >> UInt32(high.count * four) & mask) << high.shift,
          high.byteOffset + 4 * (foursPerVector * vector + four))
      }
      lanes += 64
    }
    let nibbles = fileNibbles(group)
    for four in 0..<4 {
      let pairs = lanes.loadUnaligned(fromByteOffset: 64 * four, as: UInt32.self)
      add((pairs & 0x0F0F_0F0F) << nibbles.shift, nibbles.byteOffset + 4 * four)
      add((pairs >> 4 & 0x0F0F_0F0F) << nibbles.shift, nibbles.byteOffset + 16 + 4 * four)
    }
  }

  /// Adds what `fileScales` gives to a block of zeros.
  private func addScales(
    _ first: UInt8, _ second: UInt8, _ group: Int, to block: UnsafeMutableRawPointer
  ) {
    func add(_ bits: UInt8, _ byteOffset: Int) {
      let old = block.load(fromByteOffset: byteOffset, as: UInt8.self)
      block.storeBytes(of: old | bits, toByteOffset: byteOffset, as: UInt8.self)
    }
    guard scales == .sixBits else {
      add(first, Self.q6_KScalesOffset + 2 * group)
      add(second, Self.q6_KScalesOffset + 2 * group + 1)
      return
    }
    // As `KScales` draws them.
    let k = group % 4
    if group < 4 {
      add(first, 4 + k)
      add(second, 8 + k)
    } else {
      add((first >> 4) << 6, 4 + k)
      add((second >> 4) << 6, 8 + k)
      add(first & 0x0F | second << 4, 12 + k)
    }
  }
}

extension HighBits {
  /// The lowest bits of four bytes, so many of each.
  fileprivate static func mask(_ count: Int) -> UInt32 { ((1 << UInt32(count)) - 1) * 0x0101_0101 }
}
