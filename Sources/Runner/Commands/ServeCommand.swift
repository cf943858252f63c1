#if Server
  public import ArgumentParser
  import Foundation
  import GPTOSS
  import GPTOSSHosting
  import GPTOSSMCP
  import GPTOSSModel
  import GPTOSSModelLibrary
  import GPTOSSPlatform
  import GPTOSSRemote
  public import GPTOSSServer
  import GPTOSSTerminal

  /// `gptoss serve`: the HTTP APIs of OpenAI and Anthropic over the models of this machine.
  struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "serve",
      abstract: "Serve models over the HTTP APIs of OpenAI and Anthropic.",
      discussion: """
        Clients of OpenAI's API work with the base URL http://localhost:1234/v1 and the model \
        openai/gpt-oss-20b, or any other that GET /v1/models lists; Anthropic's with the base URL \
        http://localhost:1234. Models are loaded when a request names them, and unloaded after an hour without \
        a request; one that --model names is loaded at once and stays. gptoss ps lists them. With --mcp, \
        requests to /v1/responses may use tools of MCP servers; for these they need the API key, which is \
        made and shown at the start if none is given. Ctrl-C or SIGTERM ends the server when the running \
        answers are complete, a second one at once.
        """)

    @Option(
      name: [.customShort("m"), .long],
      help: """
        The model that is loaded at once and stays: a name or a GGUF file; if left out, models are loaded when \
        requests name them.
        """,
      completion: .file(extensions: ["gguf"]))
    var model: String?

    @Option(help: "The address to listen on; 0.0.0.0 lets other machines in.")
    var host = "127.0.0.1"

    @Option(
      number: "The port to listen on; 0 for any that is free.")
    var port = 1234

    @Flag(
      name: .customLong("no-lmstudio"),
      help: "Leave out the protocol of LM Studio's SDKs, and port 41343, where they look first.")
    var leavesOutLMStudio = false

    @Option(help: "The key that clients have to send. If left out, what GPTOSS_API_KEY says.")
    var apiKey: String?

    @Option(
      number: "How many answers are generated at a time.")
    var parallel = 4

    @Option(
      number: """
        How many more requests may wait; beyond that, clients are told to try again later.
        """)
    var queue = 64

    @Option(
      help:
        "An origin whose web pages may use the server, such as https://example.org, or *; may be repeated.")
    var cors: [String] = []

    @Option(
      help: """
        A name of this server that requests may have in Host, besides --host and localhost, such as that of a \
        proxy; may be repeated.
        """)
    var allowedHost: [String] = []

    @Flag(name: .customLong("no-page"), help: "Leave out the chat page, which is at / otherwise.")
    var hasNoPage = false

    @OptionGroup var mcp: MCPArguments

    @Flag(
      name: .customLong("allow-remote-mcp"),
      help: "Let requests name MCP servers by an address (server_url) of the internet. Goes with --mcp.")
    var allowsRemoteMCP = false

    @Flag(
      name: .customLong("allow-private-mcp"),
      help: """
        Let these addresses be of this machine and of private networks, and without TLS. Goes with \
        --allow-remote-mcp.
        """)
    var allowsPrivateMCP = false

    @Option(help: "The model's name for clients, in place of its file's.")
    var name: String?

    @Option(
      help: """
        What is logged on standard error: none, requests (one line each), or contents (each line with the \
        request and its answer).
        """)
    var log = LogDetail.requests

    @Option(
      number: "How many seconds running answers may go on after the server was told to stop.")
    var stopLimit = 30

    @OptionGroup var remote: RemoteArguments
    @OptionGroup var folder: CacheFolderOptions
    @OptionGroup var options: RunOptions

    func validate() throws {
      try checkPath("--model", model)
      try remote.check(options, folder)
      if !(0...65535).contains(port) {
        throw ValidationError("--port is \(port); it must be from 0 to 65535.")
      }
      for name in allowedHost where RequestHost(address: name) == nil {
        throw ValidationError("--allowed-host is '\(name)'; it must be a name or an address without a port.")
      }
      if allowsRemoteMCP, mcp.files.isEmpty { throw ValidationError("--allow-remote-mcp goes with --mcp.") }
      if allowsPrivateMCP, !allowsRemoteMCP {
        throw ValidationError("--allow-private-mcp goes with --allow-remote-mcp.")
      }
      try checkOption("parallel", parallel, in: 1...1024)
      try checkOption("queue", queue, in: 0...1_000_000)
      try checkOption("stop-limit", stopLimit, in: 0...86_400)
      if apiKey?.isEmpty == true { throw ValidationError("--api-key is empty; leave it out for no key.") }
    }

    func run() async throws {
      keepLittleFreeMemory()
      // They start while the model is loaded.
      let servers = try mcp.configuration().map { MCPServers(configuration: $0) }
      do {
        try await serve(servers)
        await servers?.stop()
      } catch {
        await servers?.stop()
        throw error
      }
    }

    private func serve(_ servers: MCPServers?) async throws {
      if let model = try await remote.connect(model) {
        let names = ModelNames(id: name ?? model.profile.name, others: [model.profile.name])
        let description = """
          model      \(names.all.joined(separator: ", ").inert) at \(model.server.inert)
          answers    \(parallel) at a time, \(queue) waiting; context \(model.profile.contextLength) tokens
          """
        let serving = servingOptions(servers)
        let server = APIServer(model: model, names: names, options: serving)
        return try await run(server, serving, servers, description, notices: [])
      }
      let bar = Locked<ProgressBar?>(ProgressBar("loading"))
      defer { bar.withLock { $0?.finish() } }
      var hosting = HostingOptions()
      hosting.load = options.loadOptions { share in bar.withLock { $0?.update(share) } }
      folder.set(&hosting.load)
      hosting.acceptsPaths = false
      let host = ModelHost(library: .ofUser, options: hosting)
      let (models, description, notice) = try await models(host)
      // What is loaded later is not for a terminal to show.
      bar.withLock { bar in
        bar?.finish()
        bar = nil
      }
      let serving = servingOptions(servers)
      let server = APIServer(models: models, options: serving)
      try await run(
        server, serving, servers, description, notices: [notice, models.warning].compactMap(\.self))
      await host.finishKeeping()
    }

    /// The server's options, with the MCP servers that it offers.
    private func servingOptions(_ servers: MCPServers?) -> ServerOptions {
      var options = serverOptions
      if let servers {
        options.mcp = ServedMCP(
          servers, apiKey: options.apiKey ?? Identifiers.random.make("sk-"), allowsRemote: allowsRemoteMCP,
          allowsPrivate: allowsPrivateMCP)
      }
      return options
    }

    /// Serves until it is stopped, and says where.
    private func run(
      _ server: APIServer, _ serving: ServerOptions, _ servers: MCPServers?, _ description: String,
      notices: [String]
    ) async throws {
      let lines = [description, toolsDescription(serving)].compactMap(\.self).joined(separator: "\n")
      for line in notices { StandardError.report(line) }
      let news = Task { await tellFailures(of: servers) }
      defer { news.cancel() }
      let page = pageAddress(serving)
      try await server.run(onWarning: { StandardError.report($0) }) { url in
        StandardError.write("gptoss serves \(url)\n\(page(url))\(lines)\n")
      }
    }

    /// The line with the chat page's address, once it is known. A key that was made for tools is in its fragment,
    /// which browsers send to nobody.
    private func pageAddress(_ options: ServerOptions) -> @Sendable (_ url: String) -> String {
      guard options.hasPage else { return { _ in "" } }
      let key = options.apiKey == nil ? options.mcp.map { "#key=\($0.apiKey)" } ?? "" : ""
      return { url in "chat page  \(url.dropLast("v1".count))\(key)\n" }
    }

    /// Says which MCP servers do not run, once they have had time to start.
    private func tellFailures(of servers: MCPServers?) async {
      guard let servers else { return }
      _ = await servers.tools()
      guard !Task.isCancelled else { return }
      ChatServers(servers, approvals: nil).news().forEach { StandardError.report($0) }
    }

    /// What people read of the MCP servers: their names, and a key that they have to know.
    private func toolsDescription(_ options: ServerOptions) -> String? {
      guard let mcp = options.mcp else { return nil }
      let names = mcp.servers.names.isEmpty ? "no servers" : mcp.servers.names.joined(separator: ", ").inert
      let key = options.apiKey == nil ? "the key \(mcp.apiKey)" : "the API key"
      return "mcp        \(names); their tools need \(key)"
    }

    /// The models of this machine, the one that was named loaded; and what people read of them.
    private func models(
      _ host: ModelHost
    ) async throws -> (models: HostedModels, description: String, notice: String?) {
      let answers = "\(parallel) at a time, \(queue) waiting"
      guard model != nil || name != nil else {
        let models = HostedModels(host)
        let names = models.names
        return (
          models,
          """
          models     loaded on first use: \(names.isEmpty ? "none is here" : names.joined(separator: ", ").inert)
          memory     \(ByteCount(host.memoryLimit)) for all of them
          answers    \(answers)
          """,
          nil
        )
      }
      let found = try host.library.model(named: model ?? ModelOption.packagedPath())
      let instance = try await host.load(found, identifier: name)
      guard let information = instance.information else {
        preconditionFailure("a loaded model has information")
      }
      let lease = try await host.use(instance.identifier)
      let configuration = lease.model.configuration
      let names = ModelNames(
        path: found.path, name: information.name, layerCount: configuration.layerCount,
        id: instance.identifier)
      return (
        HostedModels(host, kept: (found, names)),
        """
        model      \(names.all.joined(separator: ", ").inert)
        memory     \(information.memoryDescription)
        answers    \(answers); context \(configuration.contextLength) tokens
        """,
        options.notice(of: lease.model)
      )
    }

    private var serverOptions: ServerOptions {
      var options = ServerOptions()
      options.host = host
      options.port = port
      if leavesOutLMStudio { options.lmStudioPort = nil }
      options.apiKey = apiKey ?? ServerOption.apiKey()
      options.parallel = parallel
      options.queueLimit = queue
      options.origins = cors
      options.allowedHosts = allowedHost
      options.hasPage = !hasNoPage
      options.log = log
      options.stopLimit = .seconds(stopLimit)
      return options
    }
  }

  extension LogDetail: ExpressibleByArgument {}

  extension ModelInformation {
    fileprivate var memoryDescription: String {
      return
        "\(Int64(weightByteCount).formatted(.byteCount(style: .decimal))) of weights, \(weights.rawValue)"
    }
  }
#else
  import ArgumentParser
  import GPTOSSTerminal

  /// `gptoss serve`, in a build without the server.
  struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "serve",
      abstract:
        "Serve the model over the HTTP APIs of OpenAI and Anthropic (only in a build with the trait Server).")

    @Argument(parsing: .allUnrecognized, help: .hidden)
    var ignored: [String] = []

    func run() throws {
      StandardError.write(
        """
        gptoss: this build has no HTTP server; build and start it with \
        swift run -c release --scratch-path .build-server --traits Server gptoss serve

        """)
      throw ExitCode(64)
    }
  }
#endif
