import GPTOSS
import GPTOSSPlatform
import Synchronization

// The right to use a model: who has it or waits for it, how it ends, and what follows for the model.

/// A slot that somebody uses, or waits for.
struct HeldSlot {
  var number: Int
  var identifier: String
  var loading: Task<Result<LanguageModel, HostingError>, Never>
}

/// What one of two may have, whoever comes first.
private final class Claim: Sendable {
  private let isFree = Mutex(true)

  func take() -> Bool {
    isFree.withLock { isFree in
      defer { isFree = false }
      return isFree
    }
  }
}

extension ModelHost {
  /// Marks a slot as used by one more, who waits for its model or has it; nil without a slot.
  func hold(
    _ slot: Slot?, in slots: inout Slots, _ onProgress: LoadingObserver? = nil
  ) -> HeldSlot? {
    guard let slot else { return nil }
    slots.change(slot.number) {
      if let onProgress, $0.loaded == nil { $0.observers.append(onProgress) }
      $0.useCount += 1
      $0.timer?.cancel()
      $0.timer = nil
    }
    return HeldSlot(number: slot.number, identifier: slot.identifier, loading: slot.loading)
  }

  /// Waits until a slot's model is loaded, or until the task is cancelled.
  func lease(_ held: HeldSlot) async throws(HostingError) -> ModelLease {
    // Either this or the cancellation gives the slot back.
    let claim = Claim()
    let loading = await withTaskCancellationHandler {
      await held.loading.value
    } onCancel: {
      if claim.take() { self.abandon(held.number) }
    }
    let model = try loading.get()
    guard claim.take() else { throw .loading(name: held.identifier, .unloaded) }
    return ModelLease(model, identifier: held.identifier, number: held.number) {
      self.release(held.number)
    }
  }

  /// Gives a slot back for which a cancelled task has waited. A loading for which nobody waits ends.
  private func abandon(_ number: Int) {
    let isLoaded = slots.withLock { slots in
      slots.change(number) { slot in
        if slot.loaded != nil { return true }
        slot.useCount -= 1
        if slot.useCount == 0 {
          slot.isLeaving = true
          slot.loading.cancel()
        }
        return false
      }
    }
    if isLoaded == true { release(number) }
  }

  private func release(_ number: Int) {
    slots.withLock { slots in
      let isIdle = slots.change(number) { slot in
        slot.useCount -= 1
        slot.lastUse = .now
        return slot.useCount == 0
      }
      guard isIdle == true, let slot = slots.all.first(where: { $0.number == number }) else { return }
      if slot.isLeaving {
        depart(number, in: &slots)
      } else if let idleTime = slot.idleTime {
        let timer = Task { [weak self] in
          do { try await Task.sleep(for: idleTime) } catch { return }
          self?.expire(number)
        }
        slots.change(number) { $0.timer = timer }
      }
    }
  }

  /// Unloads a model whose idle time is over, unless somebody has used it meanwhile.
  private func expire(_ number: Int) {
    slots.withLock { slots in
      guard let slot = slots.all.first(where: { $0.number == number }), slot.useCount == 0, !slot.isLeaving,
        let idleTime = slot.idleTime, .now - slot.lastUse >= idleTime
      else { return }
      leave(number, in: &slots)
    }
  }

  /// Lets a model take no new requests, and leave when nobody uses it.
  func leave(_ number: Int, in slots: inout Slots) {
    let isIdle = slots.change(number) { slot in
      slot.isLeaving = true
      slot.timer?.cancel()
      return slot.useCount == 0
    }
    if isIdle == true { depart(number, in: &slots) }
  }

  func depart(_ number: Int, in slots: inout Slots) {
    slots.change(number) { slot in
      slot.departure = Task { [loaded = slot.loaded] in
        await loaded?.unload()
        returnFreeMemory()
        self.remove(number)
      }
      slot.loaded = nil
    }
  }

  /// Takes note that a model's memory has been given back.
  func remove(_ number: Int) {
    let slot = slots.withLock { $0.remove(number) }
    for waiting in slot?.waiting ?? [] { waiting.resume() }
  }

  /// Waits until a model's memory has been given back.
  func departure(of number: Int) async {
    await withCheckedContinuation { continuation in
      let isGone = slots.withLock { slots in
        slots.change(number) { $0.waiting.append(continuation) } == nil
      }
      if isGone { continuation.resume() }
    }
  }
}
