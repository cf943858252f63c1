package import GPTOSSJSON
import GPTOSSPlatform

/// One socket of LM Studio's protocol, without the socket: messages in, frames and work out.
///
/// It keeps the rules that the SDKs depend on, whatever the work does: nothing follows the end of a channel,
/// a channel ends in one way, a call is answered once, and what a client says about something that is over is
/// ignored.
package struct SocketMachine {
  /// What follows from a message.
  package enum Action: Sendable {
    /// Frames for the client.
    case send(JSONValue)
    /// Work to begin.
    case begin(Work)
    /// Work to break off.
    case cancel(Work.Number)
    /// A line for the log.
    case note(String)
    /// The socket is over; `reason` is for the client.
    case close(reason: String)
  }

  /// What a client has asked for.
  package struct Work: Sendable {
    /// Tells it from all others of its socket; clients may use an id again.
    package typealias Number = Int
    package let number: Number
    package let isChannel: Bool
    package let endpoint: String
    package let parameter: JSONField
  }

  /// A channel or a call that is not over.
  private struct Open {
    let id: Int
    let isChannel: Bool
    /// What tells the client that a long computation goes on: the last progress that it was told.
    var progress: JSONValue?
    var lastSend = ContinuousClock.now
  }

  /// The most channels at a time.
  package static let channelLimit = 256
  /// The most texts of a client that the log repeats, per socket.
  private static let noteLimit = 8

  /// Who is let in: decides on the first frame, and gives the reason if it is no.
  private let admit: @Sendable (ClientMessage.Credentials) -> String?
  private var isAuthenticated = false
  private var isOver = false
  private var isStopping = false
  private var nextNumber = 0
  private var open: [Work.Number: Open] = [:]
  private var channels: [Int: Work.Number] = [:]
  private var noteCount = 0

  package init(admit: @escaping @Sendable (ClientMessage.Credentials) -> String?) { self.admit = admit }

  /// Channels and calls that are not over.
  package var openCount: Int { open.count }

  // MARK: From the client

  /// Takes a frame that may be no message.
  package mutating func take(_ message: Result<ClientMessage, ClientMessage.Malformed>) -> [Action] {
    guard !isOver else { return [] }
    switch message {
    case .failure(let error):
      guard isAuthenticated else { return end("the first frame has to be LM Studio's: \(error.fault)") }
      let problem = "This frame is not understood: \(error.fault)."
      if let id = error.call { return [.send(ServerMessage.rpcError(id, SocketFault(problem)))] }
      if let id = error.channel, channels[id] == nil {
        return [.send(ServerMessage.channelError(id, SocketFault(problem)))]
      }
      return [.send(ServerMessage.warning(problem))]
    case .success(.authentication(let credentials)):
      // A second one changes nothing.
      guard !isAuthenticated else { return [] }
      if let reason = admit(credentials) {
        return [.send(ServerMessage.refusal(reason, of: credentials))] + end("not authorized")
      }
      isAuthenticated = true
      return [.send(ServerMessage.welcome)]
    case .success(let message):
      return isAuthenticated ? take(message) : end("the first frame has to have authVersion")
    }
  }

  private mutating func take(_ message: ClientMessage) -> [Action] {
    switch message {
    case .channelCreate(let id, let endpoint, let parameter):
      guard channels[id] == nil else {
        return [.send(ServerMessage.warning("Channel \(id) is open already."))]
      }
      guard !isStopping else {
        return [.send(ServerMessage.channelError(id, SocketFault(ServerError.stopping)))]
      }
      guard channels.count < Self.channelLimit else {
        let fault = SocketFault("A socket has at most \(Self.channelLimit) open channels.", status: 429)
        return [.send(ServerMessage.channelError(id, fault))]
      }
      let work = begin(id, isChannel: true, endpoint, parameter)
      channels[id] = work.number
      return [.begin(work)]
    case .channelSend(let id, let type):
      // The TypeScript SDK cancels channels that are closed already, too.
      guard type == "cancel", let number = channels[id] else { return [] }
      return [.cancel(number)]
    case .call(let id, let endpoint, let parameter):
      guard !isStopping else { return [.send(ServerMessage.rpcError(id, SocketFault(ServerError.stopping)))] }
      return [.begin(begin(id, isChannel: false, endpoint, parameter))]
    case .subscribe(let id):
      return [.send(ServerMessage.signalError(id, .unsupported("This server has no signals.")))]
    case .keepAlive: return [.send(ServerMessage.keepAliveAck)]
    case .warning(let text):
      noteCount += 1
      return noteCount > Self.noteLimit ? [] : [.note("a client warns: \(text.shortened(to: 1000))")]
    case .other, .authentication: return []
    }
  }

  private mutating func begin(_ id: Int, isChannel: Bool, _ endpoint: String, _ parameter: JSONField) -> Work
  {
    nextNumber += 1
    open[nextNumber] = Open(id: id, isChannel: isChannel)
    return Work(number: nextNumber, isChannel: isChannel, endpoint: endpoint, parameter: parameter)
  }

  private mutating func end(_ reason: String) -> [Action] {
    isOver = true
    let running = open.keys.sorted().map(Action.cancel)
    open = [:]
    channels = [:]
    return running + [.close(reason: reason)]
  }

  // MARK: From the work

  /// A message on a channel.
  ///
  /// - Parameter isProgress: whether it may be said again while the channel is quiet.
  /// - Returns: the frame; nil if the channel is over.
  package mutating func message(
    _ message: JSONValue, from number: Work.Number, isProgress: Bool = false
  ) -> JSONValue? {
    guard let channel = open[number], channel.isChannel else { return nil }
    open[number]?.lastSend = .now
    if isProgress { open[number]?.progress = message }
    return ServerMessage.channelSend(channel.id, message)
  }

  /// The last progress of a channel once more, if nothing has been said for a while: clients that hear nothing
  /// for a minute give up.
  package mutating func repeatedProgress(
    of number: Work.Number, quietFor time: Duration, now: ContinuousClock.Instant = .now
  ) -> JSONValue? {
    guard let channel = open[number], let progress = channel.progress, now - channel.lastSend >= time else {
      return nil
    }
    open[number]?.lastSend = now
    return ServerMessage.channelSend(channel.id, progress)
  }

  /// The good end of some work: the channel's, or the answer to a call.
  ///
  /// - Returns: the frame; nil if it was over.
  package mutating func finish(_ number: Work.Number, result: JSONValue? = nil) -> JSONValue? {
    guard let open = close(number) else { return nil }
    return open.isChannel ? ServerMessage.channelClose(open.id) : ServerMessage.rpcResult(open.id, result)
  }

  /// The bad end of some work.
  ///
  /// - Returns: the frame; nil if it was over.
  package mutating func fail(_ number: Work.Number, _ fault: SocketFault) -> JSONValue? {
    guard let open = close(number) else { return nil }
    return open.isChannel
      ? ServerMessage.channelError(open.id, fault) : ServerMessage.rpcError(open.id, fault)
  }

  private mutating func close(_ number: Work.Number) -> Open? {
    guard let work = open.removeValue(forKey: number) else { return nil }
    if work.isChannel { channels[work.id] = nil }
    return work
  }

  // MARK: From the server

  /// Takes no new work from now on.
  package mutating func stop() { isStopping = true }

  /// The socket is gone: what runs is broken off.
  package mutating func abandon() -> [Action] {
    guard !isOver else { return [] }
    return end("")
  }
}
