import GPTOSSBlockFormats

/// Q4_K and Q5_K, whose blocks of 256 columns become eight records and their header.
///
/// In the file 32 bytes hold the nibbles of two groups of 32 columns, the even group's in the low halves. In
/// a record they hold those of one group, its first sixteen columns in the low halves of sixteen bytes. The
/// fifth bits of a file's byte are those of one column in eight groups; in a record, of eight columns in one.
extension InterleavedFormat {
  /// Bytes of a block in the file.
  private var bytesPerSuperblock: Int { blockFormat.bytesPerBlock }

  /// Where a block in the file has its fifth bits, if it has them.
  private static var highBitsOffset: Int { 16 }

  /// Bytes of eight records and their header.
  private var superrecordByteCount: Int {
    headerByteCount + Self.recordsPerHeader * recordByteCount
  }

  /// `interleave`, for formats with headers.
  @usableFromInline
  func interleaveK(
    _ rows: UnsafeRawPointer, bytesPerRow: Int, count: Int, columns: Int, output: UnsafeMutableRawPointer
  ) {
    for block in 0..<(columns / Q4_K.weightsPerBlock) {
      let header = output + block &* superrecordByteCount
      if count < 16 { header.initializeMemory(as: UInt8.self, repeating: 0, count: superrecordByteCount) }
      for lane in 0..<count {
        let source = rows + (lane &* bytesPerRow &+ block &* bytesPerSuperblock)
        for number in 0..<2 {
          header.storeBytes(
            of: source.loadUnaligned(fromByteOffset: 2 &* number, as: UInt16.self),
            toByteOffset: 32 &* number &+ 2 &* lane, as: UInt16.self)
        }
        for group in 0..<Self.recordsPerHeader {
          interleaveK(source, group, lane, record: header + (headerByteCount &+ group &* recordByteCount))
        }
      }
    }
  }

  /// One group of 32 columns of one row.
  private func interleaveK(
    _ block: UnsafeRawPointer, _ group: Int, _ lane: Int, record: UnsafeMutableRawPointer
  ) {
    let span = UnsafeRawBufferPointer(start: block, count: bytesPerSuperblock).bytes
    let (scale, minimum) = KScales.unpack(group, from: span, at: 4)
    record.storeBytes(of: scale, toByteOffset: byteOffset(ofNumber: 0, lane: lane), as: UInt8.self)
    record.storeBytes(of: minimum, toByteOffset: byteOffset(ofNumber: 1, lane: lane), as: UInt8.self)
    var lanes = record + (16 &* scaleByteCount &+ 4 &* lane)
    if codes == .nibblesAndHighBits {
      var bits: UInt32 = 0
      for four in 0..<8 {
        let byteOffset = Self.highBitsOffset &+ 4 &* four
        let columns = block.loadUnaligned(fromByteOffset: byteOffset, as: UInt32.self)
        bits |= (columns &>> UInt32(group) & 0x0101_0101) &<< UInt32(four)
      }
      lanes.storeBytes(of: bits, as: UInt32.self)
      lanes += 64
    }
    let nibbles = block + (bytesPerSuperblock &- 128 &+ group / 2 &* 32)
    let shift = UInt32(group % 2 &* 4)
    for four in 0..<4 {
      let low = nibbles.loadUnaligned(fromByteOffset: 4 &* four, as: UInt32.self) &>> shift
      let high = nibbles.loadUnaligned(fromByteOffset: 16 &+ 4 &* four, as: UInt32.self) &>> shift
      let pairs = low & 0x0F0F_0F0F | (high & 0x0F0F_0F0F) &<< 4
      lanes.storeBytes(of: pairs, toByteOffset: 64 &* four, as: UInt32.self)
    }
  }

  /// One row as it lay in the file.
  func deinterleaveK(
    _ group: UnsafeRawPointer, lane: Int, columns: Int, output: UnsafeMutableRawPointer
  ) {
    for block in 0..<(columns / Q4_K.weightsPerBlock) {
      let header = group + block * superrecordByteCount
      let destination = output + block * bytesPerSuperblock
      destination.initializeMemory(as: UInt8.self, repeating: 0, count: bytesPerSuperblock)
      for number in 0..<2 {
        destination.storeBytes(
          of: header.load(fromByteOffset: 32 * number + 2 * lane, as: UInt16.self),
          toByteOffset: 2 * number, as: UInt16.self)
      }
      for group in 0..<Self.recordsPerHeader {
        deinterleaveK(
          header + (headerByteCount + group * recordByteCount), group, lane, block: destination)
      }
    }
  }

  /// Adds one group of 32 columns to a block of zeros.
  private func deinterleaveK(
    _ record: UnsafeRawPointer, _ group: Int, _ lane: Int, block: UnsafeMutableRawPointer
  ) {
    func add(_ bits: UInt8, _ byteOffset: Int) {
      let old = block.load(fromByteOffset: byteOffset, as: UInt8.self)
      block.storeBytes(of: old | bits, toByteOffset: byteOffset, as: UInt8.self)
    }
    func add(_ bits: UInt32, _ byteOffset: Int) {
      let old = block.loadUnaligned(fromByteOffset: byteOffset, as: UInt32.self)
      block.storeBytes(of: old | bits, toByteOffset: byteOffset, as: UInt32.self)
    }
    let scale = record.load(fromByteOffset: byteOffset(ofNumber: 0, lane: lane), as: UInt8.self)
    let minimum = record.load(fromByteOffset: byteOffset(ofNumber: 1, lane: lane), as: UInt8.self)
    // As `KScales` draws them.
    let k = group % 4
    if group < 4 {
      add(scale, 4 + k)
      add(minimum, 8 + k)
    } else {
      add((scale >> 4) << 6, 4 + k)
      add((minimum >> 4) << 6, 8 + k)
      add(scale & 0x0F | minimum << 4, 12 + k)
    }
    var lanes = record + (16 * scaleByteCount + 4 * lane)
    if codes == .nibblesAndHighBits {
      let bits = lanes.loadUnaligned(as: UInt32.self)
      for four in 0..<8 {
        add((bits >> UInt32(four) & 0x0101_0101) << UInt32(group), Self.highBitsOffset + 4 * four)
      }
      lanes += 64
    }
    let nibbles = bytesPerSuperblock - 128 + group / 2 * 32
    let shift = UInt32(group % 2 * 4)
    for four in 0..<4 {
      let pairs = lanes.loadUnaligned(fromByteOffset: 64 * four, as: UInt32.self)
      add((pairs & 0x0F0F_0F0F) << shift, nibbles + 4 * four)
      add((pairs >> 4 & 0x0F0F_0F0F) << shift, nibbles + 16 + 4 * four)
    }
  }
}
