import Synchronization

/// Who a sequence is kept for: a conversation.
package struct SequenceOwner: Hashable, Sendable {
  private static let count = Atomic(0)
  private let number = count.add(1, ordering: .relaxed).newValue

  /// A new one.
  package init() {}
}
