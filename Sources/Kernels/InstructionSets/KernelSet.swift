/// The arithmetic of a forward pass, in one of several interchangeable forms.
///
/// A kernel computes one *tile* on one thread; `Launcher` checks shapes and spreads tiles over the threads.
///
/// **The rule that all obey:** an output depends on its own row of the input and on the weights, and on
/// nothing else: not on the other rows of the batch, not on how a prompt was cut into chunks, not on the
/// number of threads. So each output's sum has a fixed order, and tile boundaries are fixed. (`blas` keeps it
/// for threads only: a BLAS library chooses its order of sums by the size of the batch.)
///
/// **One arithmetic:** `portable` and the sets of every instruction set give the same bits. Floats are added in
/// the order of ``PartialSums``, a product and an addition are rounded once (`multiplyAdd`), powers are one
/// polynomial, and integers are exact. So a seed gives the same text on every CPU. `blas` is near that;
/// `reference` computes in double precision, as what all others are tested against.
package struct KernelSet: Sendable {
  package let name: KernelSetName
  package let products: any ProductKernels
  package let vectors: any VectorKernels
  /// The element type that a key-value cache has unless the caller asks for another.
  package let preferredCacheElement: CacheElement

  package init(
    _ name: KernelSetName, products: any ProductKernels, vectors: any VectorKernels,
    preferredCacheElement: CacheElement = .int16
  ) {
    self.name = name
    self.products = products
    self.vectors = vectors
    self.preferredCacheElement = preferredCacheElement
  }

  package static let reference = KernelSet(
    .reference, products: ReferenceProducts(), vectors: ReferenceVectors(), preferredCacheElement: .float32)
  package static let portable = KernelSet(.portable, products: PortableProducts(), vectors: PortableVectors())
  package static let blas = KernelSet(.blas, products: BLASProducts(), vectors: BaselineVectors())
}
