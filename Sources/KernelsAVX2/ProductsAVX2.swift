import GPTOSSKernels

/// A tile of a product.
@Sendable func multiplyAVX2(_ tile: InterleavedTile) {
  switch (tile.format, tile.precision) {
  case (.mxfp4, .precise): multiplyMXFP4Precise(tile)
  case (.mxfp4, .fast): multiplyMXFP4Fast(tile)
  case (.q8_0, .precise): multiplyQ8Precise(tile)
  case (.q8_0, .fast): multiplyQ8Fast(tile)
  }
}

// A function for each pair of format and precision, so that each loop is compiled for its constants.

private func multiplyMXFP4Precise(_ tile: InterleavedTile) {
  tile.multiply(InterleavedAVX2.self, .mxfp4, .precise)
}

private func multiplyMXFP4Fast(_ tile: InterleavedTile) {
  tile.multiply(InterleavedAVX2.self, .mxfp4, .fast)
}

private func multiplyQ8Precise(_ tile: InterleavedTile) {
  tile.multiply(InterleavedAVX2.self, .q8_0, .precise)
}

private func multiplyQ8Fast(_ tile: InterleavedTile) {
  tile.multiply(InterleavedAVX2.self, .q8_0, .fast)
}

/// A panel of activations.
@Sendable func quantizeAVX2(_ tile: QuantizationTile) {
  switch tile.precision {
  case .precise: tile.quantize(InterleavedAVX2.self, .precise)
  case .fast: tile.quantize(InterleavedAVX2.self, .fast)
  }
}

/// A tile of a product whose weights have been decoded.
@Sendable func multiplyFloatsAVX2(_ tile: FloatTile) { tile.multiply(AVX2.self) }

/// A row of half-precision weights.
@Sendable func widenAVX2(_ row: Float16Row) -> Int { row.widen(AVX2.self) }

/// Sixteen rows of weights, side by side.
@Sendable func interleaveAVX2(_ group: RowGroup) {
  switch group.format {
  case .mxfp4: group.interleave(InterleavedAVX2.self, .mxfp4)
  case .q8_0: group.interleave(InterleavedAVX2.self, .q8_0)
  }
}
