#if Downloads
  import GGUF
  public import GPTOSS
  import GPTOSSPlatform

  extension ModelLibrary {
    /// Downloads a model from Hugging Face's Hub into the library's own folder, unless it is here already.
    ///
    ///     for try await event in library.download("openai/gpt-oss-20b") {
    ///       switch event {
    ///       case .progress(let progress): print(progress.share, progress.timeLeft ?? .zero)
    ///       case .finished(let model): print(model.path)
    ///       }
    ///     }
    ///
    /// The header comes first: a model that will not run here is refused before the rest is fetched. What has
    /// arrived is noted on disk; a download that was stopped, however it was stopped, goes on where it was.
    /// The file has its name once its hash is verified. Two downloads of one file, of one process or of two,
    /// are one. The environment says where from: `HF_ENDPOINT`, `HF_TOKEN` (or `HF_TOKEN_PATH`, or the file
    /// `token` in `HF_HOME`), `HF_HUB_OFFLINE`, and `HTTPS_PROXY`.
    ///
    /// - Parameters:
    ///   - name: `openai/gpt-oss-20b`, `OWNER/REPO`, `OWNER/REPO:QUANT`, `OWNER/REPO/FILE.gguf`, or the
    ///     address of one of the Hub's pages.
    ///   - isForced: whether a model that will not run here is downloaded all the same.
    ///   - connections: how many requests are under way at a time, 1 or more.
    /// - Returns: progress, and at the end the model. The stream throws `ModelLibraryError`, and
    ///   `CancellationError` if it was stopped.
    public func download(
      _ name: String, isForced: Bool = false, connections: Int = 3
    ) -> EventStream<DownloadEvent> {
      EventStream { yield in
        if let model = try present(name) { return .finished(model) }
        guard
          let hubName = ModelAlias.named(name)?.download
            ?? ModelName(name, endpointHosts: Hub.hosts(environment))
        else { throw ModelLibraryError.invalidName(name) }
        do {
          let meter = DownloadMeter { yield(.progress($0)) }
          let download = try ModelDownload(
            hub: Hub(environment), name: hubName, folder: folders.own, isForced: isForced,
            connections: max(1, connections), meter: meter)
          let paths = try await download.run()
          guard let model = models.first(where: { paths.contains($0.path) }) else {
            throw ModelLibraryError.notFound(name: name, download: hubName.description)
          }
          return .finished(model)
        } catch let fault as DownloadFault {
          throw ModelLibraryError.download(name: hubName.description, fault)
        } catch let error as SystemError {
          throw ModelLibraryError.unwritable(path: folders.own, reason: error.description)
        }
      }
    }

    /// The name of what ``download(_:isForced:connections:)`` brings for a text; nil if that is no name of the Hub.
    ///
    /// - Parameter quantization: which file of a repository is meant, if the text does not say.
    package func downloadName(of text: String, quantization: String?) -> String? {
      if let alias = ModelAlias.named(text) { return alias.names[0] }
      var name = ModelName(text, endpointHosts: Hub.hosts(environment))
      if let quantization, name?.choice == .any { name?.choice = .quantization(quantization) }
      return name?.description
    }

    /// Whether what a text names can be stored like this; true also of a text that is no name of the Hub.
    package func allows(quantization: String, of text: String) -> Bool {
      let name = ModelAlias.named(text)?.download ?? ModelName(text, endpointHosts: Hub.hosts(environment))
      return name?.allows(quantization: quantization) ?? true
    }

    /// The model of a name if it is here and whole.
    private func present(_ name: String) throws(ModelLibraryError) -> LibraryModel? {
      // An address of a page is the name behind it.
      let name = ModelName(name, endpointHosts: Hub.hosts(environment))?.description ?? name
      do {
        let model = try model(named: name)
        return model.source == .file ? nil : model
      } catch {
        switch error {
        case .notFound, .broken: return nil
        default: throw error
        }
      }
    }
  }

  /// One model's way from the Hub to its folder.
  struct ModelDownload: Sendable {
    let hub: Hub
    let name: ModelName
    /// The library's own folder.
    let folder: String
    let isForced: Bool
    let connections: Int
    let meter: DownloadMeter

    /// Brings the model's files.
    ///
    /// - Returns: their paths.
    func run() async throws -> [String] {
      meter.begin(.asking, arrived: 0, total: 0)
      let (commit, all) = try await hub.contents(of: name)
      let files = try choose(from: all)
      let total = files.reduce(0) { $0 + $1.byteCount }
      let folder = "\(self.folder)/\(name.owner)/\(name.repository)"
      do throws(SystemError) { try makePrivateFolder(folder) } catch {
        throw ModelLibraryError.unwritable(path: folder, reason: error.description)
      }
      let paths = files.map { "\(folder)/\($0.name)" }
      // In one order for all processes, so that none waits for what another holds.
      var stores: [PartialStore?] = []
      for (file, path) in zip(files, paths) {
        stores.append(
          try await PartialStore.open(file, at: path, commit: commit) { arrived in
            meter.begin(.waiting, arrived: arrived, total: total)
          })
      }
      let open = stores.compactMap { $0 }
      try checkSpace(open, folder)
      let arrived = zip(files, stores).reduce(0) { $0 + ($1.1?.note.arrivedByteCount ?? $1.0.byteCount) }
      meter.begin(.readingHeader, arrived: arrived, total: total)
      let transfers = open.map { FileTransfer($0, hub: hub, name: name, commit: commit, meter: meter) }
      try await checkHeaders(transfers, paths: zip(paths, stores).map { $1?.path ?? $0 })
      for transfer in transfers {
        let arrived = files.reduce(0) { sum, file in
          let store = open.first { $0.file == file && fileSize($0.finalPath) == nil }
          return sum + (store?.note.arrivedByteCount ?? file.byteCount)
        }
        meter.begin(.downloading, arrived: arrived, total: total)
        do { try await transfer.finish(connections: connections) } catch {
          // So that what came in the last seconds survives a loss of power, too. What stopped the download is
          // the error that counts.
          do { try await transfer.store.makeSafe() } catch {}
          throw error
        }
      }
      return paths
    }

    /// The files that the name means: of a split model all parts.
    func choose(from all: [HubFile]) throws(DownloadFault) -> [HubFile] {
      let named = all.filter { $0.name.isGGUFName }
      do throws(DownloadFault) { return try choose(among: named.filter(\.isUsable)) } catch {
        // It may be there under a name that is none here.
        guard let file = named.first(where: { !$0.isUsable && isMeant($0) }) else { throw error }
        throw .unusableName(file.name)
      }
    }

    /// Whether the name can mean a file.
    private func isMeant(_ file: HubFile) -> Bool {
      switch name.choice {
      case .any: true
      case .quantization(let wanted): ModelName.isStem(file.stem, of: wanted)
      case .file(let path): file.path == path || file.name == path.fileName
      }
    }

    private func choose(among files: [HubFile]) throws(DownloadFault) -> [HubFile] {
      let origin: HubFile
      switch name.choice {
      case .any:
        guard let best = ModelName.preferred(files, stem: \.stem) else { throw .noModel }
        origin = best
      case .quantization(let wanted):
        guard let file = files.first(where: { ModelName.isStem($0.stem, of: wanted) }) else {
          throw .noSuchFile(wanted: wanted, available: quantizations(files))
        }
        origin = file
      case .file(let path):
        guard
          let file = files.first(where: { $0.path == path })
            ?? files.first(where: { $0.name == path.fileName })
        else { throw .noSuchFile(wanted: path, available: files.prefix(20).map(\.path)) }
        origin = file
      }
      // A repository may have files of one name in several folders, and a model both whole and in parts.
      let (stem, part) = ModelName.stem(ofFile: origin.name)
      let chosen = files.filter { file in
        let (otherStem, otherPart) = ModelName.stem(ofFile: file.name)
        return file.folder == origin.folder && otherStem == stem && otherPart?.count == part?.count
      }
      .firstOfEach(\.name).sorted { $0.name < $1.name }
      let count = part?.count ?? 1
      guard chosen.count == count else {
        let names = Set(chosen.map(\.name))
        let missing = (1...count).lazy.map { ModelName.partName(stem: stem, $0, of: count) }
          .filter { !names.contains($0) }
        throw .noSuchFile(wanted: missing.first ?? stem, available: chosen.prefix(20).map(\.name))
      }
      return chosen
    }

    private func quantizations(_ files: [HubFile]) -> [String] {
      let names = files.map { ModelName.quantization(ofStem: $0.stem) ?? $0.name }
      return Array(names.firstOfEach(\.self).prefix(20))
    }

    private func checkSpace(_ stores: [PartialStore], _ folder: String) throws {
      let needed = stores.reduce(0) { $0 + $1.missingByteCount }
      let available = try availableDiskByteCount(inFolder: folder)
      guard needed <= available else {
        throw DownloadFault.tooLittleSpace(needed: needed, available: available, folder: folder)
      }
    }

    /// Brings the beginnings of all parts, and refuses a model that will not run here.
    private func checkHeaders(_ transfers: [FileTransfer], paths: [String]) async throws {
      for transfer in transfers { try await fetchHeader(transfer) }
      guard !isForced, !transfers.isEmpty else { return }
      let fault: ModelFault?
      // Behind their headers the files are as long as they will be, and empty: enough to judge them.
      do { fault = ModelFault.of(try GGUFFile(parts: paths)) } catch { fault = .file(error) }
      if let fault { try refuse(fault, transfers) }
    }

    private func fetchHeader(_ transfer: FileTransfer) async throws {
      let store = transfer.store
      let note = store.note
      for count in 1...max(1, min(note.pieceCount, Self.headerPieceLimit)) {
        try await transfer.fetch(0..<min(count, note.pieceCount), connections: connections)
        let arrived = min(count * note.pieceByteCount, note.byteCount)
        do {
          if try GGUFFile.headerByteCount(of: store.path, within: arrived) != nil { return }
        } catch {
          if isForced { return }
          try refuse(.file(error), [transfer])
        }
      }
    }

    /// No header is longer: with all of gpt-oss's vocabulary it has 13 MB.
    static let headerPieceLimit = 64

    private func refuse(_ fault: ModelFault, _ transfers: [FileTransfer]) throws {
      for transfer in transfers where transfer.store.isNew { transfer.store.discard() }
      throw DownloadFault.willNotRun(fault)
    }
  }
#endif
