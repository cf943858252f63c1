/// The keys and values of some positions, out of their pages: `[positions, keyValueHeads, key then value]`.
///
/// Keys, values and scales are numbers of the cache's element type, in the machine's byte order.
package struct KeyValueCopy: Sendable, Equatable {
  package let bytes: [UInt8]

  package init(bytes: [UInt8]) { self.bytes = bytes }

  package var byteCount: Int { bytes.count }
}

extension KeyValuePages {
  /// Pages of the same kind; those of a full layer begin with what `other` holds of the first `count`
  /// positions.
  package convenience init(copying other: KeyValuePages, count: Int) {
    self.init(
      keyValueHeadCount: other.keyValueHeadCount, headDimension: other.headDimension, element: other.element,
      ringPageCount: other.ringPageCount)
    guard ringPageCount == nil else { return }
    reserve(count)
    withPages { pages, byteCount in
      other.withPages { sources, _ in
        for (page, source) in zip(pages, sources) { page.copyMemory(from: source, byteCount: byteCount) }
      }
    }
  }

  /// Bytes that a copy has for each position.
  package var bytesPerPosition: Int {
    keyValueHeadCount * (2 * headDimension * element.byteCount + element.scaleByteCount)
  }

  /// Copies the keys and values of `positions`.
  ///
  /// - Precondition: the pages hold them.
  package func copy(_ positions: Range<Int>) -> KeyValueCopy {
    let count = positions.count * bytesPerPosition
    return KeyValueCopy(
      bytes: [UInt8](unsafeUninitializedCapacity: count) { bytes, initialized in
        guard let start = UnsafeMutableRawPointer(bytes.baseAddress) else { return }
        forEachRun(of: positions) { run in
          run.read(into: start + initialized)
          initialized += run.byteCount
        }
      })
  }

  /// Writes what `copy` made to `positions`.
  ///
  /// - Precondition: as many positions as were copied.
  package func paste(_ copy: KeyValueCopy, at positions: Range<Int>) {
    precondition(copy.byteCount == positions.count * bytesPerPosition, "a copy of other positions")
    reserve(positions.upperBound)
    copy.bytes.withUnsafeBytes { bytes in
      guard var source = bytes.baseAddress else { return }
      forEachRun(of: positions) { run in
        run.write(from: source)
        source += run.byteCount
      }
    }
  }

  /// Where keys and values, and then their scales, lie.
  private func forEachRun(of positions: Range<Int>, _ body: (MemoryRun) -> Void) {
    let size = element.byteCount
    withView { view in
      for position in positions {
        for head in 0..<keyValueHeadCount {
          let key = view.keys(position, head: head) + view.keyIndex(position, 0) * size
          let value = view.values(position, head: head) + view.valueIndex(position, 0) * size
          // The two dimensions of a pair are neighbors.
          let perUnit = element == .int16 ? 2 : 1
          body(
            MemoryRun(
              start: key, stride: (view.keyIndex(position, perUnit) - view.keyIndex(position, 0)) * size,
              count: headDimension / perUnit, unit: perUnit * size))
          body(
            MemoryRun(
              start: value, stride: (view.valueIndex(position, 1) - view.valueIndex(position, 0)) * size,
              count: headDimension, unit: size))
          guard element.scaleByteCount > 0 else { continue }
          body(
            MemoryRun(
              start: view.scales(position, head: head) + position % Self.positionsPerPage,
              stride: 4 * Self.positionsPerPage, count: 2, unit: 4))
        }
      }
    }
  }
}

/// Units of two or four bytes, evenly spread over memory.
private struct MemoryRun {
  let start: UnsafeMutableRawPointer
  /// Bytes from one unit to the next.
  let stride: Int
  let count: Int
  /// Bytes of a unit.
  let unit: Int

  var byteCount: Int { count * unit }

  func read(into output: UnsafeMutableRawPointer) {
    unit == 2 ? read(UInt16.self, into: output) : read(UInt32.self, into: output)
  }

  func write(from input: UnsafeRawPointer) {
    unit == 2 ? write(UInt16.self, from: input) : write(UInt32.self, from: input)
  }

  private func read<Unit: BitwiseCopyable>(_: Unit.Type, into output: UnsafeMutableRawPointer) {
    for i in 0..<count {
      output.storeBytes(
        of: start.load(fromByteOffset: i * stride, as: Unit.self), toByteOffset: i * unit, as: Unit.self)
    }
  }

  private func write<Unit: BitwiseCopyable>(_: Unit.Type, from input: UnsafeRawPointer) {
    for i in 0..<count {
      start.storeBytes(
        of: input.loadUnaligned(fromByteOffset: i * unit, as: Unit.self), toByteOffset: i * stride,
        as: Unit.self)
    }
  }
}
