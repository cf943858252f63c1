public import GPTOSSKernels
public import _Builtin_intrinsics.arm.neon

/// What activations become, and one token.
extension NEONRecords {
  @inlinable @inline(__always)
  package static func quantize(
    _ input: UnsafePointer<Float>, _ precision: Precision, quants: UnsafeMutableRawPointer
  ) -> QuantizedFactor {
    // As integers, so that NaN counts as larger than infinity.
    var magnitudes = vdupq_n_u32(0)
    for i in 0..<8 {
      let bits = unsafeBitCast(NEON.load(input + 4 &* i), to: uint32x4_t.self)
      magnitudes = vmaxq_u32(magnitudes, vandq_u32(bits, vdupq_n_u32(0x7FFF_FFFF)))
    }
    let largest = Float(bitPattern: vmaxvq_u32(magnitudes))
    let inverse = precision.largestQuant / largest
    guard largest < .infinity, inverse < .infinity else {
      for i in 0..<4 { NEON.storeBytes(vdupq_n_s8(0), quants + 16 &* i) }
      return QuantizedFactor(ofZeros: largest < .infinity ? 0 : .nan)
    }
    /// Rounds sixteen columns, and returns their sum.
    func roundHalf(_ half: Int) -> Int32 {
      func rounded(_ i: Int) -> int32x4_t {
        vcvtnq_s32_f32(vmulq_f32(NEON.load(input + (16 &* half &+ 4 &* i)), vdupq_n_f32(inverse)))
      }
      let (q0, q1, q2, q3) = (rounded(0), rounded(1), rounded(2), rounded(3))
      let (first, second) = (vmovn_high_s32(vmovn_s32(q0), q1), vmovn_high_s32(vmovn_s32(q2), q3))
      let lowBytes = vmovn_high_s16(vmovn_s16(first), second)
      let output = quants + 16 &* half
      switch precision {
      case .fast: NEON.storeBytes(lowBytes, output)
      case .precise:
        // The high byte rounded, so that the low byte is what is left, −128 … 127.
        NEON.storeBytes(vmovn_high_s16(vmovn_s16(highByte(first)), highByte(second)), output)
        NEON.storeBytes(lowBytes, output + 32)
      }
      return vaddvq_s32(vaddq_s32(vaddq_s32(q0, q1), vaddq_s32(q2, q3)))
    }
    return QuantizedFactor(
      scale: largest / precision.largestQuant, lowerSum: roundHalf(0), upperSum: roundHalf(1))
  }

  /// (q + 128) / 256, rounded down. 32,512 + 128 is within 16 bits.
  @inlinable @inline(__always)
  static func highByte(_ q: int16x8_t) -> int16x8_t {
    vshlq_s16(vaddq_s16(q, vdupq_n_s16(128)), vdupq_n_s16(-8))
  }

  /// One token: weights become signed bytes in registers.
  @inlinable @inline(__always)
  static func multiplyOne(
    _ format: InterleavedFormat, _ precision: Precision, _ group: UnsafeRawPointer, _ panel: QuantizedPanel,
    sums: UnsafeMutablePointer<Float>
  ) {
    let zero = vdupq_n_f32(0)
    var (total0, total1, total2, total3) = (zero, zero, zero, zero)
    var record = group + format.headerByteCount
    var quants = UnsafeRawPointer(panel.quants)
    for block in 0..<panel.blockCount {
      prefetchAhead(format, record)
      let activations = TokenBytes(precision, quants)
      let vectors = record + 16 &* format.scaleByteCount
      let factor = panel.factors[block]
      let start = (lower: start(format, ofScale: 0, factor), upper: start(format, ofScale: 1, factor))
      func add(_ part: Int, to total: inout float32x4_t) {
        let sums = products(format, precision, vectors + 16 &* part, activations, start)
        let rows = rowFactors(format, record, block, part)
        total = NEON.accumulated(format, ofScale: 0, sums.lower, factor, rows, total)
        if format.scaleCount == 2 {
          total = NEON.accumulated(format, ofScale: 1, sums.upper, factor, rows, total)
        }
      }
      add(0, to: &total0)
      add(1, to: &total1)
      add(2, to: &total2)
      add(3, to: &total3)
      record += format.recordStride(after: block)
      quants += QuantizedPanel.quantBytes
    }
    NEON.store(total0, sums)
    NEON.store(total1, sums + 4)
    NEON.store(total2, sums + 8)
    NEON.store(total3, sums + 12)
  }

  /// The CPUs that this is for see a single stream and fetch it themselves, in lines of 64 bytes or, Apple's,
  /// of 128. Asking for one line in four, 4 KB ahead, leads them over the borders of pages (of 4 or 16 KB),
  /// which they do not cross by themselves, and costs two or three instructions per record.
  @inlinable @inline(__always)
  static func prefetchAhead(_ format: InterleavedFormat, _ record: UnsafeRawPointer) {
    NEON.prefetchStream(format, record, ahead: 4096, everyLines: 4)
  }

  /// What takes the offset of weights with one scale off.
  @inlinable @inline(__always)
  static func start(
    _ format: InterleavedFormat, ofScale index: Int, _ factor: QuantizedFactor
  ) -> int32x4_t {
    guard hasOffset(format), index < format.scaleCount else { return vdupq_n_s32(0) }
    return vdupq_n_s32(factor.correction(format, ofScale: index) &<< format.offsetShift)
  }

  /// The products of four rows' 32 columns with one token's, per scale. Where a row has one, `upper` is of no
  /// interest.
  ///
  /// One chain of SDOT per scale and byte of the activations. It takes three cycles (one after another SDOT on
  /// Neoverse), but the four parts of a record make four chains or more, and those of the next records begin
  /// meanwhile.
  @inlinable @inline(__always)
  static func products(
    _ format: InterleavedFormat, _ precision: Precision, _ vectors: UnsafeRawPointer,
    _ activations: TokenBytes, _ start: (lower: int32x4_t, upper: int32x4_t)
  ) -> (lower: int32x4_t, upper: int32x4_t) {
    var low = start
    let zero = vdupq_n_s32(0)
    var high = (lower: zero, upper: zero)
    for g in 0..<4 {
      let w = weights(format, vectors, g)
      add(format, w, activations.low, g, &low)
      switch precision {
      case .fast: break
      case .precise: add(format, w, activations.high, g, &high)
      }
    }
    switch precision {
    case .fast: return low
    case .precise:
      return (
        vaddq_s32(low.lower, NEON.times256(high.lower)), vaddq_s32(low.upper, NEON.times256(high.upper))
      )
    }
  }

  /// Adds the products of lane `g` of 32 activations.
  @inlinable @inline(__always)
  static func add(
    _ format: InterleavedFormat, _ w: (int8x16_t, int8x16_t), _ x: (int8x16_t, int8x16_t), _ g: Int,
    _ sums: inout (lower: int32x4_t, upper: int32x4_t)
  ) {
    sums.lower = NEON.dot(sums.lower, w.0, x.0, g)
    if format.scaleCount == 2 {
      sums.upper = NEON.dot(sums.upper, w.1, x.1, g)
    } else {
      sums.lower = NEON.dot(sums.lower, w.1, x.1, g)
    }
  }
}

/// The weights of a part of a record, and their scales.
extension NEONRecords {
  /// Whether `weights` has the format's offset in it.
  @inlinable @inline(__always)
  static func hasOffset(_ format: InterleavedFormat) -> Bool {
    switch format.codes {
    case .bytes, .nibblesOfE2M1: false
    case .nibbles, .nibblesAndHighBits, .nibblesAndHighPairs: true
    }
  }

  /// Columns 4g … 4g + 3 of a part's rows, and those 16 further, as signed bytes without an offset.
  ///
  /// - Parameter vectors: the vectors of the record, from the part on.
  @inlinable @inline(__always)
  package static func signedWeights(
    _ format: InterleavedFormat, _ vectors: UnsafeRawPointer, _ g: Int
  ) -> (int8x16_t, int8x16_t) {
    let w = weights(format, vectors, g)
    guard hasOffset(format) else { return w }
    let offset = vdupq_n_s8(Int8(truncatingIfNeeded: format.offset))
    return (vsubq_s8(w.0, offset), vsubq_s8(w.1, offset))
  }

  /// The same with the offset that `start` takes off.
  @inlinable @inline(__always)
  static func weights(
    _ format: InterleavedFormat, _ vectors: UnsafeRawPointer, _ g: Int
  ) -> (int8x16_t, int8x16_t) {
    let first = NEON.loadBytes(vectors + 64 &* g)
    switch format.codes {
    case .bytes:
      let sign = vdupq_n_s8(-128)
      return (veorq_s8(first, sign), veorq_s8(NEON.loadBytes(vectors + (64 &* g &+ 256)), sign))
    case .nibblesOfE2M1:
      // `MXFP4.doubledValues`.
      let table = int8x16_t(0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12)
      let (low, high) = nibbles(first)
      return (vqtbl1q_s8(table, low), vqtbl1q_s8(table, high))
    case .nibbles:
      let (low, high) = nibbles(first)
      return (unsafeBitCast(low, to: int8x16_t.self), unsafeBitCast(high, to: int8x16_t.self))
    case .nibblesAndHighBits:
      let (low, high) = nibbles(NEON.loadBytes(vectors + (64 &* g &+ 64)))
      let highBits = NEON.loadBytes(vectors)
      return (
        joined(low, highBits, 0x10, shift: 4 &- g), joined(high, highBits, 0x10, shift: 0 &- g)
      )
    case .nibblesAndHighPairs:
      let (low, high) = nibbles(NEON.loadBytes(vectors + (64 &* g &+ 128)))
      let shift = 4 &- 2 &* g
      return (
        joined(low, NEON.loadBytes(vectors), 0x30, shift: shift),
        joined(high, NEON.loadBytes(vectors + 64), 0x30, shift: shift)
      )
    }
  }

  @inlinable @inline(__always)
  static func nibbles(_ pairs: int8x16_t) -> (low: uint8x16_t, high: uint8x16_t) {
    let pairs = unsafeBitCast(pairs, to: uint8x16_t.self)
    return (vandq_u8(pairs, vdupq_n_u8(0x0F)), vshlq_u8(pairs, vdupq_n_s8(-4)))
  }

  /// Nibbles, and the bits of `mask` from `highBits`, where a shift to the left, or to the right by a negative
  /// number, brings them there.
  @inlinable @inline(__always)
  static func joined(
    _ nibbles: uint8x16_t, _ highBits: int8x16_t, _ mask: UInt8, shift: Int
  ) -> int8x16_t {
    let places = vdupq_n_s8(Int8(truncatingIfNeeded: shift))
    let shifted = vshlq_u8(unsafeBitCast(highBits, to: uint8x16_t.self), places)
    return unsafeBitCast(vbslq_u8(vdupq_n_u8(mask), shifted, nibbles), to: int8x16_t.self)
  }

  /// The scales and minimums of a part's rows.
  @inlinable @inline(__always)
  static func rowFactors(
    _ format: InterleavedFormat, _ record: UnsafeRawPointer, _ block: Int, _ part: Int
  ) -> RowFactors<float32x4_t> {
    NEON.rowFactors(format, record, block, firstLane: 4 &* part) { scales(e8m0: $0) }
  }

  /// 2^(e − 128), as in `MXFP4.halfScale`: 2^−128 and 2^−127 are subnormal.
  @inlinable @inline(__always)
  static func scales(e8m0 exponents: UnsafeRawPointer) -> float32x4_t {
    let e = NEON.loadWide(exponents)
    let normal = vshlq_u32(vsubq_u32(e, vdupq_n_u32(1)), vdupq_n_s32(23))
    let subnormal = vshlq_u32(vdupq_n_u32(0x0020_0000), unsafeBitCast(e, to: int32x4_t.self))
    return unsafeBitCast(vbslq_u32(vcltq_u32(e, vdupq_n_u32(2)), subnormal, normal), to: float32x4_t.self)
  }
}

/// 32 activations of a token: as bytes, or as low bytes and high bytes.
@usableFromInline
struct TokenBytes {
  @usableFromInline let low: (int8x16_t, int8x16_t)
  @usableFromInline let high: (int8x16_t, int8x16_t)

  @inlinable @inline(__always)
  init(_ precision: Precision, _ quants: UnsafeRawPointer) {
    let first = (NEON.loadBytes(quants), NEON.loadBytes(quants + 16))
    switch precision {
    case .fast: (low, high) = (first, first)
    case .precise: (low, high) = ((NEON.loadBytes(quants + 32), NEON.loadBytes(quants + 48)), first)
    }
  }
}
