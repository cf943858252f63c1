/// How far a prompt is like something that is remembered, and whether that goes on with something else.
package struct PromptParting: Equatable {
  /// The first position that is not shared.
  package var position: Int
  /// Whether something else was read there as part of a prompt: what is left then was not shared because of it,
  /// and not only because it is new.
  package var isDifferent: Bool
  /// Whether it is the same token there, read in another precision.
  package var isOtherPrecision: Bool

  package init(position: Int, isDifferent: Bool, isOtherPrecision: Bool = false) {
    self.position = position
    self.isDifferent = isDifferent
    self.isOtherPrecision = isOtherPrecision
  }

  /// Takes note of another sequence: the one counts that shares more.
  mutating func join(_ other: PromptParting) {
    if other.position > position {
      self = other
    } else if other.position == position, !other.isDifferent {
      isDifferent = false
    }
  }
}
