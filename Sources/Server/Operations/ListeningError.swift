#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Why an address cannot be listened at.
public struct ListeningError: Error, Equatable {
  /// The address.
  public var host: String
  /// The port.
  public var port: Int
  /// The system's error number.
  public var errno: Int32
}

extension ListeningError: CustomStringConvertible {
  /// One line that names the cause and the remedy.
  public var description: String {
    switch errno {
    case EADDRINUSE:
      "port \(port) of \(host) is taken by another program; stop it, or choose another with --port"
    case EACCES: "port \(port) needs the rights of an administrator; choose one from 1024 on with --port"
    case EADDRNOTAVAIL: "\(host) is no address of this machine; choose another with --host"
    default: "cannot listen at \(host) port \(port): \(String(cString: strerror(errno)))"
    }
  }
}
