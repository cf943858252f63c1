#if Downloads
  import Foundation
  import GGUF
  public import GPTOSS
  import GPTOSSPlatform

  extension ModelLibrary {
    /// The vocabulary of a model of the Hub, without the model: for one that runs elsewhere.
    ///
    /// What stands before the weights in the model's file is downloaded, 13 MB for gpt-oss, and kept in the
    /// library's own folder. The environment says where from, as for ``download(_:isForced:connections:)``.
    ///
    /// - Parameter name: as of ``download(_:isForced:connections:)``.
    /// - Throws: `ModelLibraryError`; `TokenizerError` for a file with another kind of vocabulary;
    ///   `CancellationError`.
    public func vocabulary(of name: String) async throws -> Vocabulary {
      guard
        let name = ModelAlias.named(name)?.download ?? ModelName(name, endpointHosts: Hub.hosts(environment))
      else { throw ModelLibraryError.invalidName(name) }
      let folder = "\(folders.own)/\(name.owner)/\(name.repository)"
      let path = "\(folder)/\(Self.headerName(name))"
      do {
        if fileSize(path) == nil { try await fetchHeader(of: name, to: path, in: folder) }
        return try Vocabulary(metadata: GGUFFile.metadata(ofHeader: path))
      } catch let fault as DownloadFault {
        throw ModelLibraryError.download(name: name.description, fault)
      } catch let error as GGUFError {
        throw ModelLibraryError.download(name: name.description, .willNotRun(.file(error)))
      } catch let error as SystemError {
        throw ModelLibraryError.unwritable(path: folder, reason: error.description)
      } catch let error as CocoaError {
        throw ModelLibraryError.unwritable(path: folder, reason: error.localizedDescription)
      }
    }

    /// The name of a kept header: files of one repository may have different vocabularies.
    private static func headerName(_ name: ModelName) -> String {
      switch name.choice {
      case .any: "vocabulary.header"
      case .quantization(let word): "vocabulary.\(word).header"
      case .file(let path): "vocabulary.\(path.split(separator: "/").joined(separator: "-")).header"
      }
    }

    /// Brings the header of a model's first file.
    private func fetchHeader(of name: ModelName, to path: String, in folder: String) async throws {
      let download = ModelDownload(
        hub: try Hub(environment), name: name, folder: folders.own, isForced: true, connections: 1,
        meter: DownloadMeter { _ in })
      let (commit, files) = try await download.hub.contents(of: name)
      let file = try download.choose(from: files)[0]
      try makePrivateFolder(folder)
      // Who looks for the header meanwhile does not find half of one.
      let new = "\(path).\(UUID().uuidString)"
      try Data().write(to: URL(filePath: new))
      do {
        try await fetchHeader(
          FileSource(hub: download.hub, name: name, commit: commit, file: file), file, new)
        guard rename(new, path) == 0 else { throw SystemError(code: errno) }
      } catch {
        unlink(new)
        throw error
      }
    }

    private func fetchHeader(_ source: FileSource, _ file: HubFile, _ path: String) async throws {
      let handle = try FileHandle(forWritingTo: URL(filePath: path))
      var arrived = 0
      for _ in 0..<ModelDownload.headerPieceLimit where arrived < file.byteCount {
        let range = arrived..<min(arrived + PartialStore.pieceByteCount, file.byteCount)
        let piece = try await patiently {
          let piece = Locked(Data())
          try await source.read(range) { data in piece.withLock { $0.append(data) } }
          return piece.withLock(\.self)
        }
        try handle.write(contentsOf: piece)
        arrived = range.upperBound
        // One byte more than there is, by which the parser knows that there is more.
        try handle.truncate(atOffset: UInt64(arrived + 1))
        if let count = try GGUFFile.headerByteCount(of: path, within: arrived) {
          return try handle.truncate(atOffset: UInt64(count))
        }
        try handle.seek(toOffset: UInt64(arrived))
      }
      throw DownloadFault.malformedAnswer(host: "the Hub", problem: "the header of \(file.path) does not end")
    }
  }
#endif
