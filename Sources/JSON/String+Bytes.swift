extension StringProtocol {
  /// Equality of bytes; `==` would also call canonically equivalent texts equal.
  package func hasSameBytes(as other: some StringProtocol) -> Bool {
    utf8.elementsEqual(other.utf8)
  }
}
