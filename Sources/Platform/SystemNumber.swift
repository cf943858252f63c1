/// A number that Apple's systems know by this name (sysctlbyname(3)); nil if there is none, and on other systems.
package func systemNumber(_ name: String) -> Int? {
  #if canImport(Darwin)
    // 32 or 64 bits, the lower ones first.
    var value: Int64 = 0
    var size = MemoryLayout<Int64>.size
    guard sysctlbyname(name, &value, &size, nil, 0) == 0 else { return nil }
    return Int(value)
  #else
    return nil
  #endif
}
