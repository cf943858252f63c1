import GPTOSSKernels
import _Builtin_intrinsics.arm.neon

/// Many tokens: bound by arithmetic.
extension NEON {
  /// A record's weights become signed bytes once, in the first-level cache, and are multiplied with four tokens
  /// at a time: sixteen sums, four registers of activations and four of weights.
  @inline(__always)
  static func multiplyPanel(
    _ format: InterleavedFormat, _ precision: Precision, _ group: UnsafeRawPointer, _ panel: QuantizedPanel,
    sums: UnsafeMutablePointer<Float>, unpacked: UnsafeMutableRawPointer
  ) {
    for i in 0..<(4 &* panel.tokenCount) { store(vdupq_n_f32(0), sums + 4 &* i) }
    // (`==` would compare the names of the two in every round.)
    let low: Int
    switch precision {
    case .precise: low = 32
    case .fast: low = 0
    }
    var record = group
    var quants = UnsafeRawPointer(panel.quants)
    var factors = UnsafePointer(panel.factors)
    for _ in 0..<panel.blockCount {
      prefetchStream(format, record, ahead: 8192, everyLines: 2)
      unpack(format, record, unpacked)
      let weights = UnsafeRawPointer(unpacked)
      let rowScales = RowScales(format, record)
      var token = 0
      while token &+ 4 <= panel.tokenCount {
        let x = quants + QuantizedPanel.quantBytes &* token
        var (a, b, c, d) = (RowSums(), RowSums(), RowSums(), RowSums())
        switch precision {
        case .fast: break
        case .precise:
          addFour(&a, &b, &c, &d, weights, x)
          a.shift()
          b.shift()
          c.shift()
          d.shift()
        }
        addFour(&a, &b, &c, &d, weights, x + low)
        let totals = sums + 16 &* token
        a.accumulate(factors[token].scale, rowScales, totals)
        b.accumulate(factors[token &+ 1].scale, rowScales, totals + 16)
        c.accumulate(factors[token &+ 2].scale, rowScales, totals + 32)
        d.accumulate(factors[token &+ 3].scale, rowScales, totals + 48)
        token &+= 4
      }
      while token < panel.tokenCount {
        let x = quants + QuantizedPanel.quantBytes &* token
        var a = RowSums()
        switch precision {
        case .fast: break
        case .precise:
          addOne(&a, weights, x)
          a.shift()
        }
        addOne(&a, weights, x + low)
        a.accumulate(factors[token].scale, rowScales, sums + 16 &* token)
        token &+= 1
      }
      record += format.recordByteCount
      quants += QuantizedPanel.quantBytes &* panel.tokenCount
      factors += panel.tokenCount
    }
  }

  /// Unpacks a record: columns 4g … 4g + 3 of sixteen rows at `64 · g`, g from 0 to 7.
  @inline(__always)
  private static func unpack(
    _ format: InterleavedFormat, _ record: UnsafeRawPointer, _ unpacked: UnsafeMutableRawPointer
  ) {
    let vectors = record + 16 &* format.scaleByteCount
    for part in 0..<4 {
      for g in 0..<4 {
        let w = weights(format, vectors + 16 &* part, g)
        storeBytes(w.0, unpacked + (64 &* g &+ 16 &* part))
        storeBytes(w.1, unpacked + (64 &* g &+ (256 &+ 16 &* part)))
      }
    }
  }

  /// Adds the products of 32 columns of sixteen rows with the bytes of four tokens.
  @inline(__always)
  private static func addFour(
    _ a: inout RowSums, _ b: inout RowSums, _ c: inout RowSums, _ d: inout RowSums,
    _ weights: UnsafeRawPointer, _ quants: UnsafeRawPointer
  ) {
    let step = QuantizedPanel.quantBytes
    for half in 0..<2 {
      let x = quants + 16 &* half
      let (xa, xb) = (loadBytes(x), loadBytes(x + step))
      let (xc, xd) = (loadBytes(x + 2 &* step), loadBytes(x + 3 &* step))
      for g in 0..<4 {
        let w = RowBytes(weights + (256 &* half &+ 64 &* g))
        a.add(w, xa, g)
        b.add(w, xb, g)
        c.add(w, xc, g)
        d.add(w, xd, g)
      }
    }
  }

  /// The same with one token.
  @inline(__always)
  private static func addOne(_ a: inout RowSums, _ weights: UnsafeRawPointer, _ quants: UnsafeRawPointer) {
    for half in 0..<2 {
      let x = loadBytes(quants + 16 &* half)
      for g in 0..<4 { a.add(RowBytes(weights + (256 &* half &+ 64 &* g)), x, g) }
    }
  }
}

/// Four columns of sixteen rows.
private struct RowBytes {
  let w0, w1, w2, w3: int8x16_t

  @inline(__always)
  init(_ bytes: UnsafeRawPointer) {
    (w0, w1) = (NEON.loadBytes(bytes), NEON.loadBytes(bytes + 16))
    (w2, w3) = (NEON.loadBytes(bytes + 32), NEON.loadBytes(bytes + 48))
  }
}

/// The scales of sixteen rows.
private struct RowScales {
  let s0, s1, s2, s3: float32x4_t

  @inline(__always)
  init(_ format: InterleavedFormat, _ record: UnsafeRawPointer) {
    (s0, s1) = (NEON.scales(format, record, 0), NEON.scales(format, record, 1))
    (s2, s3) = (NEON.scales(format, record, 2), NEON.scales(format, record, 3))
  }
}

/// One token's sums of a record's sixteen rows.
private struct RowSums {
  private var s0, s1, s2, s3: int32x4_t

  @inline(__always)
  init() {
    let zero = vdupq_n_s32(0)
    (s0, s1, s2, s3) = (zero, zero, zero, zero)
  }

  @inline(__always)
  mutating func add(_ w: RowBytes, _ activations: int8x16_t, _ g: Int) {
    s0 = NEON.dot(s0, w.w0, activations, g)
    s1 = NEON.dot(s1, w.w1, activations, g)
    s2 = NEON.dot(s2, w.w2, activations, g)
    s3 = NEON.dot(s3, w.w3, activations, g)
  }

  /// Those of the high bytes, in place of which the low bytes' are added.
  @inline(__always)
  mutating func shift() {
    (s0, s1) = (NEON.times256(s0), NEON.times256(s1))
    (s2, s3) = (NEON.times256(s2), NEON.times256(s3))
  }

  /// Turns the sums into floats and adds them to what earlier blocks gave.
  @inline(__always)
  func accumulate(_ scale: Float, _ rows: RowScales, _ totals: UnsafeMutablePointer<Float>) {
    let scale = vdupq_n_f32(scale)
    func add(_ sum: int32x4_t, _ rowScale: float32x4_t, _ total: UnsafeMutablePointer<Float>) {
      NEON.store(
        vfmaq_f32(NEON.load(UnsafePointer(total)), vmulq_f32(vcvtq_f32_s32(sum), scale), rowScale), total)
    }
    add(s0, rows.s0, totals)
    add(s1, rows.s1, totals + 4)
    add(s2, rows.s2, totals + 8)
    add(s3, rows.s3, totals + 12)
  }
}
