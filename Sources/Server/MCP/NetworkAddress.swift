import Foundation
import GPTOSSPlatform

/// An IP address: 4 or 16 bytes.
package struct NetworkAddress: Equatable, Sendable {
  package let bytes: [UInt8]

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The addresses of a host, as connections find them: numbers in any spelling, or a name that is looked up.
  ///
  /// - Returns: nil if it has none. One that is neither of IPv4 nor of IPv6 has no bytes.
  package static func all(of host: String) async -> [NetworkAddress]? {
    // An address of IPv6 stands in brackets in a URL.
    let host = host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : host
    return await withCheckedContinuation { continuation in
      // Looking up may take long, and cannot be cancelled.
      let hasStarted = startThread { continuation.resume(returning: lookUp(host)) }
      if !hasStarted { continuation.resume(returning: nil) }
    }
  }

  private static func lookUp(_ host: String) -> [NetworkAddress]? {
    var list: UnsafeMutablePointer<addrinfo>?
    guard getaddrinfo(host, nil, nil, &list) == 0 else { return nil }
    defer { freeaddrinfo(list) }
    var addresses: [NetworkAddress] = []
    var next = list
    while let entry = next?.pointee {
      next = entry.ai_next
      let address = NetworkAddress(entry)
      if !addresses.contains(address) { addresses.append(address) }
    }
    return addresses
  }

  private init(_ entry: addrinfo) {
    let raw = UnsafeRawPointer(entry.ai_addr)
    switch (entry.ai_family, raw) {
    case (AF_INET, let raw?):
      bytes = withUnsafeBytes(of: raw.loadUnaligned(as: sockaddr_in.self).sin_addr) { Array($0) }
    case (AF_INET6, let raw?):
      bytes = withUnsafeBytes(of: raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr) { Array($0) }
    default: bytes = []
    }
  }

  /// Whether the address is of the internet at large: not of this machine, of a link or of a private network,
  /// and for no special purpose (IANA's registries of special-purpose addresses, RFC 6890).
  package var isPublic: Bool {
    switch bytes.count {
    case 4: !Self.special4.contains { $0.contains(bytes) }
    case 16:
      if let inner = Self.embedding.first(where: { $0.block.contains(bytes) }) {
        NetworkAddress(Array(bytes[inner.offset..<inner.offset + 4])).isPublic
      } else {
        Self.global6.contains(bytes) && !Self.special6.contains { $0.contains(bytes) }
      }
    default: false
    }
  }

  private struct Block {
    let start: [UInt8]
    let bitCount: Int

    init(_ start: [UInt8], _ bitCount: Int) { (self.start, self.bitCount) = (start, bitCount) }

    func contains(_ bytes: [UInt8]) -> Bool {
      for (index, byte) in start.enumerated() {
        let bits = min(8, bitCount - 8 * index)
        guard bits > 0 else { break }
        let mask = UInt8(truncatingIfNeeded: 0xFF00 >> bits)
        guard bytes[index] & mask == byte & mask else { return false }
      }
      return true
    }
  }

  private static let special4 = [
    Block([0], 8), Block([10], 8), Block([100, 64], 10), Block([127], 8), Block([169, 254], 16),
    Block([172, 16], 12), Block([192, 0, 0], 24), Block([192, 0, 2], 24), Block([192, 88, 99], 24),
    Block([192, 168], 16), Block([198, 18], 15), Block([198, 51, 100], 24), Block([203, 0, 113], 24),
    Block([224], 3),
  ]

  /// What is given out; everything else of IPv6 is not.
  private static let global6 = Block([0x20], 3)
  private static let special6 = [
    Block([0x20, 0x01, 0x00], 23), Block([0x20, 0x01, 0x0D, 0xB8], 32), Block([0x3F, 0xFF], 20),
  ]
  /// Addresses of IPv6 that lead to one of IPv4, and where that stands: mapped ones, NAT64, 6to4.
  private static let embedding = [
    (block: Block(Array(repeating: 0, count: 10) + [0xFF, 0xFF], 96), offset: 12),
    (block: Block([0x00, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0], 96), offset: 12),
    (block: Block([0x20, 0x02], 16), offset: 2),
  ]
}
