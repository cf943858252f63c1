/// The keys and values of some positions, out of their pages: `[positions, keyValueHeads, key then value]`.
package struct KeyValueCopy: Sendable, Equatable {
  fileprivate let bytes: [UInt8]

  package var byteCount: Int { bytes.count }
}

extension KeyValuePages {
  /// Pages of the same kind; those of a full layer begin with what `other` holds of the first `count` positions.
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

  private var bytesPerPosition: Int {
    keyValueHeadCount * (2 * headDimension * element.byteCount + element.scaleByteCount)
  }

  /// Copies the keys and values of `positions`.
  ///
  /// - Precondition: the pages hold them.
  package func copy(_ positions: Range<Int>) -> KeyValueCopy {
    let count = positions.count * bytesPerPosition
    return KeyValueCopy(
      bytes: [UInt8](unsafeUninitializedCapacity: count) { bytes, initialized in
        let bytes = UnsafeMutableRawBufferPointer(bytes)
        forEachPiece(of: positions) { piece in
          UnsafeMutableRawBufferPointer(rebasing: bytes[initialized...]).copyMemory(
            from: UnsafeRawBufferPointer(piece))
          initialized += piece.count
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
      var offset = 0
      forEachPiece(of: positions) { piece in
        piece.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[offset..<offset + piece.count]))
        offset += piece.count
      }
    }
  }

  /// The pieces of memory that keys and values lie in: their elements and their scales.
  private func forEachPiece(of positions: Range<Int>, _ body: (UnsafeMutableRawBufferPointer) -> Void) {
    let size = element.byteCount
    withView { view in
      for position in positions {
        for head in 0..<keyValueHeadCount {
          let (keys, values) = (view.keys(position, head: head), view.values(position, head: head))
          for i in 0..<headDimension {
            body(.init(start: keys + view.keyIndex(position, i) * size, count: size))
          }
          for i in 0..<headDimension {
            body(.init(start: values + view.valueIndex(position, i) * size, count: size))
          }
          guard element.scaleByteCount > 0 else { continue }
          let scales = view.scales(position, head: head) + position % Self.positionsPerPage
          body(.init(start: scales, count: 4))
          body(.init(start: scales + Self.positionsPerPage, count: 4))
        }
      }
    }
  }
}
