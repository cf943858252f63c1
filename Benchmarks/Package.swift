// swift-tools-version: 6.2
import PackageDescription

/// The name under which SwiftPM compiles the library: the folder of the checkout. The kernels are `package`, not public;
/// benchmarks that are compiled under the same name can call them.
let libraryName = String(
  Context.packageDirectory.split(separator: "/").dropLast().last
    .map { $0.lowercased().map { $0.isLetter || $0.isNumber ? $0 : "_" } } ?? [])

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// What an instruction set can do at most: a loop compiled for it.
func peak(_ name: String, architecture: String) -> Target {
  .target(
    name: name, path: "Sources/\(name)",
    swiftSettings: swiftSettings + [.unsafeFlags(["-Xcc", "-march=\(architecture)"])])
}

#if arch(x86_64)
  let peaks = [
    peak("PeakAVX2", architecture: "x86-64-v3"),
    peak("PeakAVX512", architecture: "x86-64-v4"),
  ]
#else
  let peaks: [Target] = []
#endif

let package = Package(
  name: "gpt-oss-swift-benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [.package(name: "gpt-oss-swift", path: "..")],
  targets: [
    .executableTarget(
      name: "KernelBenchmarks",
      dependencies: ["GGUF", "GPTOSSModel"].map { .product(name: $0, package: "gpt-oss-swift") }
        + peaks.map { .target(name: $0.name) },
      path: "Sources/Kernels",
      packageAccess: false,
      swiftSettings: swiftSettings + [
        .unsafeFlags(["-package-name", libraryName])
      ]
    ),
    .executableTarget(
      name: "MaskBenchmarks",
      dependencies: ["Harmony", "Sampling", "StructuredOutput", "Tokenizer"].map {
        .product(name: "GPTOSS" + $0, package: "gpt-oss-swift")
      },
      path: "Sources/Masks",
      swiftSettings: swiftSettings
    ),
    .executableTarget(
      name: "PassBenchmarks",
      dependencies: ["GPTOSS", "GPTOSSHarmony", "GPTOSSTokenizer"].map {
        .product(name: $0, package: "gpt-oss-swift")
      },
      path: "Sources/Passes",
      packageAccess: false,
      swiftSettings: swiftSettings + [
        .unsafeFlags(["-package-name", libraryName])
      ]
    ),
    .executableTarget(
      name: "TokenizerBenchmarks",
      dependencies: [.product(name: "GPTOSS", package: "gpt-oss-swift")],
      path: "Sources/Tokenizer",
      swiftSettings: swiftSettings
    ),
  ] + peaks,
  swiftLanguageModes: [.v6]
)
