#if Server
  public import GPTOSS
  import GPTOSSModel
  import GPTOSSPlatform
  import Hummingbird
  import HummingbirdCore
  import Logging
  import NIOCore
  import ServiceLifecycle
  import Synchronization

  /// The HTTP API over a loaded model, or over all models of a library.
  ///
  ///     let server = APIServer(model: model, options: ServerOptions())
  ///     try await server.run { url in print("listening at \(url)") }
  ///
  /// When the task that runs it is cancelled, it takes no new requests, and running answers have
  /// `ServerOptions.stopLimit` to finish.
  public struct APIServer: Sendable {
    private let service: APIService
    private let options: ServerOptions
    private let bodies: BodyBudget

    /// A server for a model that stays.
    public init(model: LanguageModel, options: ServerOptions = ServerOptions()) {
      let names = ModelNames(
        path: model.information.path, name: model.information.name,
        layerCount: model.configuration.layerCount, id: options.modelID)
      self.init(provider: OneModel(model, names: names), options)
    }

    /// A server for models that are loaded when they are named.
    public init(models: HostedModels, options: ServerOptions = ServerOptions()) {
      self.init(provider: models, options)
    }

    /// A server in front of a model that runs elsewhere, or of one that answers in another way.
    ///
    /// - Parameter names: what requests may call it.
    public init(model: any TokenModel, names: ModelNames, options: ServerOptions = ServerOptions()) {
      self.init(provider: OneModel(model, names: names), options)
    }

    private init(provider: any ModelProvider, _ options: ServerOptions) {
      self.options = options
      // What is left is for the conversations that the model remembers.
      bodies = BodyBudget(memory: availableMemoryByteCount() / 4)
      service = APIService(
        models: provider,
        admission: Admission(parallel: options.parallel, queueLimit: options.queueLimit),
        store: ResponseStore(), metrics: Metrics(), mcp: options.mcp)
    }

    /// Serves until the task is cancelled.
    ///
    /// - Parameters:
    ///   - onWarning: receives what the user should know: that `ServerOptions.lmStudioPort` is taken.
    ///   - onReady: called once, with the URL of the API, when requests are accepted.
    /// - Throws: ``ListeningError`` if the address cannot be listened at.
    public func run(
      onWarning: @escaping @Sendable (_ warning: String) -> Void = { _ in },
      onReady: @escaping @Sendable (_ url: String) -> Void
    ) async throws {
      var logger = Logger(label: "gptoss", factory: { StreamLogHandler.standardError(label: $0) })
      // What goes wrong at the start is thrown; the log is for what goes wrong later.
      logger.logLevel = .critical
      let report = ExchangeReport(log: RequestLog(detail: options.log), metrics: service.metrics)
      let router = service.router(options, report, bodies)
      let server = server(report)
      func application(
        port: Int, _ onRunning: @escaping @Sendable (any NIOCore.Channel) -> Void
      ) -> some Service {
        Application(
          router: router, server: server,
          configuration: ApplicationConfiguration(
            address: .hostname(options.host, port: port), serverName: "gptoss"),
          onServerRunning: onRunning, logger: logger)
      }
      let sidePort = options.lmStudioPort.flatMap { $0 == options.port ? nil : $0 }
      let doors = Doors(count: sidePort == nil ? 1 : 2) { url, warning in
        if let warning { onWarning(warning) }
        onReady(url)
      }
      var services: [any Service] = [
        application(port: options.port) { doors.open(at: url(port: $0.localAddress?.port ?? 0)) }
      ]
      if let sidePort {
        services.append(
          SideDoor(application: application(port: sidePort) { _ in doors.open() }) { code in
            let error = ListeningError(host: options.host, port: sidePort, code: code)
            doors.open(warning: error.lmStudioWarning)
          })
      }
      var configuration = ServiceGroupConfiguration(services: services, logger: logger)
      configuration.maximumGracefulShutdownDuration = options.stopLimit
      let group = ServiceGroup(configuration: configuration)
      Task { await CompilationQueue.prepare() }
      // To cancel the group would break answers off. It is asked to stop instead.
      let serving = Task { try await group.run() }
      do {
        try await withTaskCancellationHandler {
          try await serving.value
        } onCancel: {
          service.admission.stop()
          Task { await group.triggerGracefulShutdown() }
        }
      } catch let error as IOError {
        throw ListeningError(host: options.host, port: options.port, code: error.errnoCode)
      } catch is SocketAddressError.UnknownHost {
        throw ListeningError(host: options.host, port: options.port, code: EADDRNOTAVAIL)
      }
    }

    private func url(port: Int) -> String {
      let host = options.host
      return "http://\(host.contains(":") ? "[\(host)]" : host):\(port)/v1"
    }

    private func server(_ report: ExchangeReport) -> HTTPServerBuilder {
      let rule = HostRule(listeningAt: options.host, allowed: options.allowedHosts)
      let sockets = options.lmStudioPort == nil ? nil : sockets(report)
      return HTTPServerBuilder { [channelConfiguration] responder in
        GuardedChannel(base: HTTP1Channel(responder: responder, configuration: channelConfiguration)) {
          RequestGuard(rule: rule, report: report, sockets: sockets)
        }
      }
    }

    private func sockets(_ report: ExchangeReport) -> SocketUpgrade {
      SocketUpgrade(
        SocketService(service, apiKey: options.apiKey, log: report.log.write(note:)) {
          report.end($0, status: $1, since: $2)
        },
        Gate(apiKey: options.apiKey, origins: options.origins), bodies,
        SocketHandler.Limits(
          opening: TimeAmount(options.idleLimit), stall: TimeAmount(options.stallLimit)))
    }

    private var channelConfiguration: HTTP1Channel.Configuration {
      let limit = options.headerLimit
      return HTTP1Channel.Configuration(
        additionalChannelHandlers: [DepartureHandler()], idleTimeout: TimeAmount(options.idleLimit),
        httpDecoderConfiguration: HTTP1Channel.Configuration.DecoderConfiguration(
          maxHeaderFieldSize: limit, maxHeaderListSize: limit, maxHeaderFieldCount: 100))
    }
  }

  /// Tells that the server is ready once all its ports are open, or known to be taken. Of a server that cannot
  /// have its own port, the other one is of no interest.
  private final class Doors: Sendable {
    private let state: Mutex<(closed: Int, url: String?, warning: String?)>
    private let onReady: @Sendable (_ url: String, _ warning: String?) -> Void

    init(count: Int, onReady: @escaping @Sendable (_ url: String, _ warning: String?) -> Void) {
      state = Mutex((count, nil, nil))
      self.onReady = onReady
    }

    /// - Parameters:
    ///   - url: that of the API, if this is its port.
    ///   - warning: why this port is not open.
    func open(at url: String? = nil, warning: String? = nil) {
      let (isReady, url, warning) = state.withLock { state in
        state.closed -= 1
        state.url = url ?? state.url
        state.warning = warning ?? state.warning
        return (state.closed == 0, state.url, state.warning)
      }
      if isReady, let url { onReady(url, warning) }
    }
  }

  /// A second way to the server, which may be taken by another program.
  private struct SideDoor: Service {
    let application: any Service
    let onFailure: @Sendable (_ code: Int32) -> Void

    func run() async throws {
      do { try await application.run() } catch {
        switch error {
        case let error as IOError: onFailure(error.errnoCode)
        // The main port has the same host, and its error tells of it.
        case is SocketAddressError.UnknownHost: break
        default: throw error
        }
        // The end of a service would be the end of all.
        try await gracefulShutdown()
      }
    }
  }
#endif
