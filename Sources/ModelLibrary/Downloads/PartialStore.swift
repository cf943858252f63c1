#if Downloads
  import Dispatch
  import Foundation
  import GPTOSSJSON
  import GPTOSSPlatform
  import Synchronization

  /// A file that is being downloaded: bytes go to their places, and what has arrived is noted beside them.
  ///
  /// It is locked for as long as the object lives, by the system's lock on the open file: another process
  /// that wants the same file waits, and the lock ends with the process however that ends.
  final class PartialStore: Sendable {
    let file: HubFile
    /// The name that the file gets once it is complete and verified.
    let finalPath: String
    let path: String
    let descriptor: Int32
    /// Whether nothing of the file had arrived before.
    let isNew: Bool

    private let state: Mutex<State>
    /// What waits for the disk, off Swift's pool.
    private let queue = DispatchQueue(label: "gptoss.download")
    /// Seconds between two moments at which the disk is made to have what has arrived.
    private static let safetyInterval = Duration.seconds(5)
    /// What one request asks for. With three at a time, and `URLSession` taking from the network faster than
    /// it hands out, as many pieces can wait in memory.
    static let pieceByteCount = 4 << 20
    /// How many pieces arrive between two moments at which freed memory goes back to the system.
    private static let piecesPerReturn = 8

    private struct State {
      var note: DownloadNote
      var lastSafe = ContinuousClock.now
      var piecesSinceReturn = 0
      /// Whether there is nothing to go on from any more.
      var isDiscarded = false
    }

    /// Opens or begins the download of a file, once no other process is at it.
    ///
    /// - Parameter onWait: called again and again with the bytes that have arrived at another process.
    /// - Returns: nil if the file is complete.
    /// - Throws: `ModelLibraryError.exists` for another file of its name, `.unwritable`; `CancellationError`.
    static func open(
      _ file: HubFile, at finalPath: String, commit: String, onWait: (Int) -> Void
    ) async throws -> PartialStore? {
      let path = finalPath + PartialFile.suffix
      while true {
        try Task.checkCancellation()
        if let size = fileSize(finalPath) {
          guard size == file.byteCount else { throw ModelLibraryError.exists(path: finalPath) }
          return nil
        }
        let descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw unwritable(path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
          let code = errno
          close(descriptor)
          // Some file systems have no locks.
          guard code == EWOULDBLOCK || code == EINTR else {
            throw ModelLibraryError.unwritable(path: path, reason: SystemError(code: code).description)
          }
          onWait(PartialFile.arrivedByteCount(path))
          try await Task.sleep(for: .milliseconds(250))
          continue
        }
        // Who had the lock may have given the file its name, or removed it.
        if fileSize(finalPath) != nil {
          unlink(path)
        } else if isNamed(descriptor, path) {
          do {
            return try PartialStore(file, finalPath: finalPath, descriptor: descriptor, commit: commit)
          } catch {
            close(descriptor)
            throw error
          }
        }
        close(descriptor)
      }
    }

    /// Whether an open file is the one of this name.
    private static func isNamed(_ descriptor: Int32, _ path: String) -> Bool {
      var (own, named) = (stat(), stat())
      return fstat(descriptor, &own) == 0 && stat(path, &named) == 0 && own.st_ino == named.st_ino
        && own.st_dev == named.st_dev
    }

    private init(_ file: HubFile, finalPath: String, descriptor: Int32, commit: String)
      throws(ModelLibraryError)
    {
      self.file = file
      self.finalPath = finalPath
      self.descriptor = descriptor
      path = finalPath + PartialFile.suffix
      var status = stat()
      fstat(descriptor, &status)
      var note = DownloadNote(
        commit: commit, digest: file.digest, byteCount: file.byteCount, pieceByteCount: Self.pieceByteCount)
      if let old = DownloadNote(jsonFile(PartialFile.note(path))), old.digest == file.digest,
        old.byteCount == file.byteCount, Int(status.st_size) == file.byteCount
      {
        note.pieceByteCount = old.pieceByteCount
        (note.arrived, note.safe) = (old.trusted, old.safe)
      } else if ftruncate(descriptor, 0) != 0 {
        throw Self.unwritable(path)
      }
      guard ftruncate(descriptor, off_t(file.byteCount)) == 0 else { throw Self.unwritable(path) }
      isNew = note.arrived == PieceSet()
      state = Mutex(State(note: note))
    }

    deinit { close(descriptor) }

    /// What has arrived.
    var note: DownloadNote { state.withLock(\.note) }

    /// Bytes that the file will take, and does not yet.
    var missingByteCount: Int {
      var status = stat()
      fstat(descriptor, &status)
      return max(0, file.byteCount - Int(status.st_blocks) * 512)
    }

    /// Puts bytes in their place.
    func write(_ data: Data, at offset: Int) throws(ModelLibraryError) {
      let isWritten = data.withUnsafeBytes { bytes in
        var done = 0
        while done < bytes.count {
          let count = pwrite(
            descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(offset + done))
          if count < 0, errno == EINTR { continue }
          guard count > 0 else { return false }
          done += count
        }
        return true
      }
      guard isWritten else { throw Self.unwritable(path) }
    }

    /// Notes that a piece has arrived.
    func complete(_ piece: Int) async throws {
      try await onDisk {
        try self.state.withLock { state in
          state.note.arrived.insert(piece)
          state.piecesSinceReturn += 1
          if state.piecesSinceReturn == Self.piecesPerReturn {
            // What came in is freed by other threads than those that took it, and stays in their arenas.
            state.piecesSinceReturn = 0
            returnFreeMemory()
          }
          let now = ContinuousClock.now
          if now - state.lastSafe >= Self.safetyInterval { try self.makeSafe(&state) }
          try self.writeNote(state.note)
        }
      }
    }

    /// Makes the disk have what has arrived, unless that was removed.
    func makeSafe() async throws {
      try await onDisk {
        try self.state.withLock { state in
          if state.isDiscarded { return }
          try self.makeSafe(&state)
          try self.writeNote(state.note)
        }
      }
    }

    /// Gives the complete and verified file its name.
    func finish() async throws {
      try await onDisk {
        guard fsync(self.descriptor) == 0 else { throw Self.unwritable(self.path) }
        guard access(self.finalPath, F_OK) != 0 else { throw ModelLibraryError.exists(path: self.finalPath) }
        guard rename(self.path, self.finalPath) == 0 else { throw Self.unwritable(self.finalPath) }
        unlink(PartialFile.note(self.path))
        Self.syncFolder(self.finalPath.folder)
      }
    }

    /// Removes what has arrived.
    func discard() {
      state.withLock { $0.isDiscarded = true }
      unlink(PartialFile.note(path))
      unlink(path)
    }

    private func makeSafe(_ state: inout State) throws {
      guard fsync(descriptor) == 0 else { throw Self.unwritable(path) }
      state.note.safe = state.note.arrived
      state.lastSafe = .now
    }

    private func writeNote(_ note: DownloadNote) throws(ModelLibraryError) {
      let notePath = PartialFile.note(path)
      let temporary = notePath + ".new"
      let descriptor = Foundation.open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
      guard descriptor >= 0 else { throw Self.unwritable(notePath) }
      do throws(SystemError) { try writeAll(note.json.text, to: descriptor) } catch {
        close(descriptor)
        unlink(temporary)
        throw .unwritable(path: notePath, reason: error.description)
      }
      close(descriptor)
      guard rename(temporary, notePath) == 0 else { throw Self.unwritable(notePath) }
    }

    private func onDisk(_ body: @escaping @Sendable () throws -> Void) async throws {
      try await withCheckedThrowingContinuation { continuation in
        queue.async { continuation.resume(with: Result(catching: body)) }
      }
    }

    private static func unwritable(_ path: String) -> ModelLibraryError {
      .unwritable(path: path, reason: systemMessage(errno))
    }

    /// Makes the disk have the names in a folder; one that refuses may lose the new name with its power.
    private static func syncFolder(_ folder: String) {
      let descriptor = Foundation.open(folder, O_RDONLY | O_CLOEXEC)
      guard descriptor >= 0 else { return }
      fsync(descriptor)
      close(descriptor)
    }
  }
#endif
