/// How large the integers that stand for a vector may be, so that no sum of products leaves 32 bits.
///
/// A key and a query are each divided by their own scale, which keeps their norms within 46,200. By the
/// inequality of Cauchy and Schwarz no score exceeds 46,200² < 2³¹, whatever the dimension. (Rounding
/// lengthens a vector by half the root of its dimension: 4 at 64.) The elements of a value stay within 8,191
/// and the weights of a page, added up, within 262,000. So no sum of weighted values exceeds
/// 262,000 · 8,191 < 2³¹.
///
/// The error of an element is half a step. For a key whose elements are alike that is 5e-5 of one of them;
/// half precision is off by 2e-4.
@usableFromInline
package struct IntegerBounds: Sendable {
  /// The largest magnitude of an element.
  @usableFromInline package let element: Float
  /// The largest norm, before rounding.
  @usableFromInline package let norm: Float

  @inlinable
  init(element: Float, norm: Float) {
    self.element = element
    self.norm = norm
  }

  /// Keys and queries.
  @inlinable @inline(__always)
  package static var keys: IntegerBounds { IntegerBounds(element: 32_767, norm: 46_200) }

  /// Values.
  @inlinable @inline(__always)
  package static var values: IntegerBounds { IntegerBounds(element: 8_191, norm: .infinity) }

  /// The largest weight that a value is multiplied by.
  @inlinable @inline(__always)
  static var weight: Float { 32_767 }

  /// The largest sum of a page's weights.
  @inlinable @inline(__always)
  static var weights: Float { 262_000 }
}

extension VectorInstructions {
  /// `VectorKernels.roundToIntegers`.
  @inlinable @inline(__always)
  package static func roundToIntegers(
    _ input: UnsafePointer<Float>, within bounds: IntegerBounds, output: UnsafeMutablePointer<Int16>,
    count: Int
  ) -> Float {
    let whole = count / laneCount &* laneCount
    let zero = broadcast(0)
    var maxima = zero
    for i in stride(from: 0, to: whole, by: laneCount) {
      let x = load(input + i)
      maxima = maximum(maxima, maximum(x, subtract(zero, x)))
    }
    var largest = maximum(maxima)
    for i in whole..<count { largest = max(largest, abs(input[i])) }

    // Of the elements in units of the largest, so that no square overflows. NaN if one of them is no number.
    let unit = largest > 0x1p-100 ? 1 / largest : 1
    var squares = PartialSums<Self>()
    let summed = count / PartialSums<Self>.count &* PartialSums<Self>.count
    for i in stride(from: 0, to: summed, by: PartialSums<Self>.count) {
      squares.forEachVector { first, sum in
        let x = multiply(load(input + (i &+ first)), broadcast(unit))
        sum = multiplyAdd(x, x, sum)
      }
    }
    var squaredNorm = squares.total
    for i in summed..<count { squaredNorm += input[i] * unit * (input[i] * unit) }
    guard largest > 0x1p-100, squaredNorm < .infinity else {
      output.update(repeating: 0, count: count)
      return squaredNorm < .infinity ? 0 : .nan
    }

    let steps = min(bounds.element, bounds.norm / squaredNorm.squareRoot())
    let inverse = steps * unit
    for i in stride(from: 0, to: whole, by: laneCount) {
      store(multiply(load(input + i), broadcast(inverse)), output + i)
    }
    for i in whole..<count { output[i] = Int16((input[i] * inverse).rounded(.toNearestOrEven)) }
    return largest / steps
  }
}
