// swift-tools-version: 6.2
import PackageDescription

/// A module is `GPTOSS` + the name of its folder: SwiftPM wants module names to be unique over a
/// user's whole package graph. `GGUF` and `GPTOSS` stand as they are.
func module(_ folder: String) -> String {
  ["GGUF", "GPTOSS"].contains(folder) ? folder : "GPTOSS" + folder
}

let swiftSettings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

/// A stage of the library: `Sources/<folder>`, importing earlier stages only.
func stage(_ folder: String, imports: [String] = []) -> Target {
  .target(
    name: module(folder),
    dependencies: imports.map { .target(name: module($0)) } + essentials,
    path: "Sources/\(folder)",
    swiftSettings: swiftSettings
  )
}

/// The tests of one stage, in the folder of the same name.
func tests(_ folder: String, imports: [String] = []) -> Target {
  let name = module(folder) + "Tests"
  let dependencies = ([folder] + imports).map { Target.Dependency.target(name: module($0)) }
  guard testProgram?[folder] == nil else {
    return .target(
      name: name, dependencies: dependencies, path: "Tests/\(folder)", exclude: testProgram?[folder] ?? [],
      swiftSettings: swiftSettings)
  }
  return .testTarget(
    name: name, dependencies: dependencies, path: "Tests/\(folder)", swiftSettings: swiftSettings)
}

/// The tests that become a program if `GPTOSS_TEST_PROGRAM` is in the environment, without the files that need
/// Foundation: `swift test` cannot run those of another architecture, but an emulator runs a program
/// (Tests/Emulation/README.md).
let testProgram: [String: [String]]? =
  Context.environment["GPTOSS_TEST_PROGRAM"] == nil
  ? nil
  : [
    "Kernels": ["Attention/AttentionDocumentTests.swift", "Products/KernelsDocumentTests.swift"],
    "BlockFormats": ["BlockExplanationTests.swift", "MXFP4DocumentTests.swift"],
    "Model": [], "Sampling": [], "Tokenizer": [],
    "StructuredOutput": [
      "DocumentTests.swift", "Schema/HostileSchemaTests.swift", "Schema/SchemaFileTests.swift",
    ],
  ]

let testProgramTargets: [Target] =
  testProgram.map { folders in
    [
      .executableTarget(
        name: "EmulatedTests",
        dependencies: folders.keys.sorted().map { .target(name: module($0) + "Tests") },
        path: "Tests/Emulation/Program", swiftSettings: swiftSettings),
      // The SDK that these tests are built with has no interface of the real one.
      .target(name: "FoundationEssentials", path: "Tests/Emulation/FoundationEssentials"),
    ]
  } ?? []

let essentials: [Target.Dependency] = testProgram == nil ? [] : ["FoundationEssentials"]

/// A module whose code is compiled for CPUs with the instruction set that `flags` name and runs only there: the
/// kernels are chosen at run time. `-Ounchecked`, because checks live in the launchers, outside these targets.
func instructionSet(
  _ folder: String, in parent: String = "Sources", flags: [String], imports: [String] = []
) -> Target {
  .target(
    name: module(folder),
    dependencies: (["Kernels", "CInstructions"] + imports).map { .target(name: module($0)) },
    path: parent + "/" + folder,
    swiftSettings: swiftSettings + [.unsafeFlags(["-Ounchecked"] + flags.flatMap { ["-Xcc", $0] })]
  )
}

#if arch(x86_64)
  let hostArchitecture = "x86_64"
#elseif arch(arm64)
  let hostArchitecture = "aarch64"
#else
  let hostArchitecture = "other"
#endif

/// The architecture that is built for: this machine's, or the one that `GPTOSS_ARCH` names as the target triple
/// does. A manifest is compiled for the machine that builds, and SwiftPM has no condition by architecture. So
/// who builds for another one (`--swift-sdk`, `--triple`) says it here, too.
let architecture = Context.environment["GPTOSS_ARCH"] ?? hostArchitecture

let instructionSets: [String]
let kernelTwins: [String]
let instructionSetTargets: [Target]
switch architecture {
case "x86_64":
  instructionSets = ["KernelsAVX2", "KernelsAVXVNNI", "KernelsAVX512"]
  // The twins are for tests: the bodies of KernelsAVXVNNI, with instructions that more CPUs have.
  kernelTwins = ["KernelsAVXVNNIByAVX2", "KernelsAVXVNNIByAVX512VL"]
  instructionSetTargets = [
    instructionSet("KernelsAVX2", flags: ["-march=x86-64-v3"]),
    instructionSet(
      "KernelsAVXVNNI", flags: ["-march=x86-64-v3", "-mavxvnni"], imports: ["KernelsAVX2"]),
    instructionSet("KernelsAVX512", flags: ["-march=x86-64-v4", "-mavx512vnni", "-mavx512vbmi"]),
    instructionSet(
      "KernelsAVXVNNIByAVX2", in: "Tests/KernelTwins", flags: ["-march=x86-64-v3"], imports: ["KernelsAVX2"]),
    instructionSet(
      "KernelsAVXVNNIByAVX512VL", in: "Tests/KernelTwins",
      flags: ["-march=x86-64-v3", "-mavx512vl", "-mavx512vnni"], imports: ["KernelsAVX2"]),
  ]
case "aarch64", "arm64":
  instructionSets = ["KernelsNEON", "KernelsNEONI8MM"]
  kernelTwins = []
  instructionSetTargets = [
    instructionSet("KernelsNEON", flags: ["-march=armv8.2-a+dotprod"]),
    instructionSet("KernelsNEONI8MM", flags: ["-march=armv8.2-a+dotprod+i8mm"], imports: ["KernelsNEON"]),
  ]
case "riscv64", "other":
  (instructionSets, kernelTwins, instructionSetTargets) = ([], [], [])
default:
  fatalError("GPTOSS_ARCH is \(architecture): say x86_64, aarch64 or riscv64")
}

/// The files of the chat page, which are compiled in.
let pageFiles = [
  "api.js", "conversation.js", "dom.js", "icon.svg", "index.html", "inside.js", "main.js", "markdown.js",
  "models.js", "settings.js", "store.js", "style.css", "texts.js", "view.js",
]

/// The files of the page of a trace, which are compiled in; the chat page has some of them, too.
let traceFiles = [
  "arrival.js", "choice.js", "colors.css", "data.js", "details.js", "layers.js", "map.js", "nodes.js",
  "pieces.js", "text.js", "trace.css", "trace.html", "trace.js",
]

let package = Package(
  name: "gpt-oss-swift",
  platforms: [.macOS(.v15)],
  products: [
    .library(name: "GPTOSS", targets: ["GPTOSS"]),
    .library(name: "GGUF", targets: ["GGUF"]),
    .library(name: "GPTOSSBlockFormats", targets: ["GPTOSSBlockFormats"]),
    .library(name: "GPTOSSTokenizer", targets: ["GPTOSSTokenizer"]),
    .library(name: "GPTOSSJSON", targets: ["GPTOSSJSON"]),
    .library(name: "GPTOSSHarmony", targets: ["GPTOSSHarmony"]),
    .library(name: "GPTOSSStructuredOutput", targets: ["GPTOSSStructuredOutput"]),
    .library(name: "GPTOSSSampling", targets: ["GPTOSSSampling"]),
    .library(name: "GPTOSSModel", targets: ["GPTOSSModel"]),
    .library(name: "GPTOSSModelLibrary", targets: ["GPTOSSModelLibrary"]),
    .library(name: "GPTOSSHosting", targets: ["GPTOSSHosting"]),
    .library(name: "GPTOSSMCP", targets: ["GPTOSSMCP"]),
    .library(name: "GPTOSSRemote", targets: ["GPTOSSRemote"]),
    .library(name: "GPTOSSSynthesis", targets: ["GPTOSSSynthesis"]),
    .library(name: "GPTOSSTracing", targets: ["GPTOSSTracing"]),
    // The small model, for tests and samples. `GPTOSS` does not carry it.
    .library(name: "GPTOSSFixtures", targets: ["GPTOSSFixtures"]),
    .executable(name: "gptoss", targets: ["GPTOSSRunner"]),
  ],
  traits: [
    .trait(
      name: "Downloads", description: "gptoss get, ModelLibrary.download. Fetches and builds swift-crypto."),
    .trait(name: "MCP", description: "Servers of the Model Context Protocol as tools."),
    .trait(
      name: "Server", description: "The HTTP API: gptoss serve. Fetches and builds hummingbird.",
      enabledTraits: ["Downloads", "MCP"]),
    .default(enabledTraits: ["Downloads", "MCP"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", "3.12.3"..<"5.0.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0", traits: []),
    .package(url: "https://github.com/apple/swift-nio", from: "2.100.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ],
  targets: [
    .systemLibrary(name: module("CAllocator"), path: "Sources/CAllocator"),
    stage("Platform", imports: ["CAllocator"]),
    stage("GGUF", imports: ["Platform"]),
    stage("BlockFormats"),
    .systemLibrary(
      name: module("COpenBLAS"), path: "Sources/COpenBLAS",
      providers: [.apt(["libopenblas-dev"])]),
    .systemLibrary(name: module("CInstructions"), path: "Sources/CInstructions"),
    .target(
      name: module("Kernels"),
      dependencies: [
        .target(name: module("Platform")),
        .target(name: module("BlockFormats")),
        .target(name: module("CInstructions")),
        .target(name: module("COpenBLAS"), condition: .when(platforms: [.linux])),
      ],
      path: "Sources/Kernels",
      // Accelerate's `cblas_sgemm` without it is deprecated.
      cSettings: [.define("ACCELERATE_NEW_LAPACK", .when(platforms: [.macOS]))],
      swiftSettings: swiftSettings,
      linkerSettings: [.linkedFramework("Accelerate", .when(platforms: [.macOS]))]
    ),
    stage("Model", imports: ["Platform", "GGUF", "BlockFormats", "Kernels"] + instructionSets),
    stage("Sampling", imports: ["Platform"]),
    stage("Tokenizer", imports: ["Platform", "GGUF"]),
    stage("JSON", imports: ["Platform"]),
    stage("Harmony", imports: ["Platform", "Tokenizer", "JSON"]),
    stage("StructuredOutput", imports: ["Platform", "Sampling", "Tokenizer", "JSON"]),
    stage(
      "GPTOSS",
      imports: [
        "Platform", "GGUF", "BlockFormats", "Model", "Kernels", "Sampling", "Tokenizer", "JSON", "Harmony",
        "StructuredOutput",
      ]),
    stage("HTTPClient"),
    // What downloads is compiled with the trait alone.
    .target(
      name: module("ModelLibrary"),
      dependencies: ["Platform", "GGUF", "Model", "JSON", "GPTOSS"].map { .target(name: module($0)) } + [
        .target(name: module("HTTPClient"), condition: .when(traits: ["Downloads"])),
        .product(name: "Crypto", package: "swift-crypto", condition: .when(traits: ["Downloads"])),
      ],
      path: "Sources/ModelLibrary",
      swiftSettings: swiftSettings
    ),
    stage("Hosting", imports: ["Platform", "Model", "GPTOSS", "ModelLibrary"]),
    stage("MCP", imports: ["Platform", "GPTOSS", "JSON", "HTTPClient"]),
    // It has no trait: it brings no package, and who does not name it does not build it.
    stage(
      "Remote",
      imports: [
        "Platform", "GPTOSS", "Harmony", "HTTPClient", "JSON", "Sampling", "StructuredOutput", "Tokenizer",
      ]),
    stage("Synthesis", imports: ["Platform", "GGUF", "BlockFormats", "Sampling", "Tokenizer"]),
    stage(
      "Measurement",
      imports: ["Platform", "GGUF", "BlockFormats", "GPTOSS", "Kernels", "Model", "Sampling", "Tokenizer"]),
    .target(
      name: module("Tracing"),
      dependencies: ["Platform", "GGUF", "BlockFormats", "Model", "GPTOSS", "JSON"]
        .map { .target(name: module($0)) },
      path: "Sources/Tracing",
      resources: traceFiles.map { .embedInCode("Page/\($0)") },
      swiftSettings: swiftSettings
    ),
    stage("Terminal", imports: ["Platform"]),
    stage("ExampleTools", imports: ["Platform", "GPTOSS"]),
    .target(
      name: module("Page"),
      dependencies: [.target(name: module("Tracing"))],
      path: "Sources/Server/Page",
      resources: pageFiles.map { .embedInCode($0) },
      swiftSettings: swiftSettings
    ),
    // What speaks HTTP is compiled with the trait alone; the rest is plain Swift and always tested.
    .target(
      name: module("Server"),
      dependencies: [
        "Platform", "GGUF", "GPTOSS", "Harmony", "Hosting", "JSON", "MCP", "Model", "ModelLibrary",
        "Sampling", "Tokenizer", "Tracing",
      ]
      .map { .target(name: module($0)) }
        + [
          ("Hummingbird", "hummingbird"), ("HummingbirdCore", "hummingbird"), ("NIOCore", "swift-nio"),
          ("NIOHTTP1", "swift-nio"), ("NIOWebSocket", "swift-nio"),
          ("HTTPTypes", "swift-http-types"), ("Logging", "swift-log"),
          ("ServiceLifecycle", "swift-service-lifecycle"),
        ].map { .product(name: $0, package: $1, condition: .when(traits: ["Server"])) }
        + [.target(name: module("Page"), condition: .when(traits: ["Server"]))],
      path: "Sources/Server",
      exclude: ["Page"],
      swiftSettings: swiftSettings
    ),
    .target(
      name: module("Fixtures"),
      path: "Fixtures",
      exclude: [
        "README.md", "random-tiny.gguf", "vllm", "assistant/README.md", "assistant/figures.json",
        "assistant/training",
      ],
      resources: [.copy("assistant/assistant.gguf")],
      swiftSettings: swiftSettings
    ),
    .executableTarget(
      name: module("Runner"),
      dependencies: [
        "Platform", "GGUF", "BlockFormats", "Kernels", "Model", "Sampling", "Tokenizer", "JSON", "Harmony",
        "GPTOSS", "ModelLibrary", "Hosting", "HTTPClient", "Remote", "Synthesis", "Measurement", "Terminal",
        "ExampleTools", "Fixtures", "Tracing",
      ]
      .map { .target(name: module($0)) } + [
        .target(name: module("MCP"), condition: .when(traits: ["MCP"])),
        .target(name: module("Server"), condition: .when(traits: ["Server"])),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      path: "Sources/Runner",
      swiftSettings: swiftSettings
    ),
    tests("Platform"),
    tests("GGUF"),
    tests("BlockFormats"),
    tests("Kernels", imports: ["Platform", "BlockFormats"] + instructionSets + kernelTwins),
    tests("Model", imports: ["Platform", "GGUF", "BlockFormats", "Kernels"] + kernelTwins),
    tests("Sampling", imports: ["Platform"]),
    tests("Tokenizer", imports: ["Platform", "GGUF"]),
    tests("JSON"),
    tests("Harmony", imports: ["Tokenizer", "JSON"]),
    tests("StructuredOutput", imports: ["Platform", "Sampling", "Tokenizer", "JSON", "RandomWalks"]),
    .target(
      name: module("RandomWalks"),
      dependencies: ["Platform", "Sampling", "Tokenizer", "StructuredOutput"]
        .map { .target(name: module($0)) },
      path: "Tests/RandomWalks",
      swiftSettings: swiftSettings
    ),
    tests(
      "GPTOSS",
      imports: [
        "Platform", "GGUF", "BlockFormats", "Model", "JSON", "Harmony", "Sampling", "Tokenizer",
        "StructuredOutput",
        "HTTPClient", "ModelLibrary", "Hosting", "Synthesis", "Fixtures", "RandomWalks",
      ]),
    tests("HTTPClient"),
    tests("ModelLibrary", imports: ["GGUF", "GPTOSS", "JSON", "Model", "Synthesis"]),
    tests(
      "Hosting",
      imports: ["Platform", "GPTOSS", "Harmony", "Model", "ModelLibrary", "Synthesis", "Tokenizer"]),
    tests(
      "MCP", imports: ["GPTOSS", "Harmony", "HTTPClient", "JSON", "StructuredOutput", "RandomWalks"]),
    tests(
      "Remote",
      imports: ["GPTOSS", "Harmony", "JSON", "Sampling", "StructuredOutput", "Tokenizer"]),
    tests("Synthesis", imports: ["GGUF", "BlockFormats", "GPTOSS", "Harmony", "Tokenizer"]),
    tests(
      "Measurement",
      imports: ["Platform", "GGUF", "BlockFormats", "GPTOSS", "Model", "Sampling", "Tokenizer"]),
    tests("Tracing", imports: ["GGUF", "BlockFormats", "GPTOSS", "Model", "Fixtures", "JSON"]),
    tests("Terminal"),
    tests("ExampleTools", imports: ["Platform", "GPTOSS"]),
    tests(
      "Server",
      imports: [
        "Fixtures", "GPTOSS", "Harmony", "Hosting", "JSON", "MCP", "Model", "ModelLibrary", "Page",
        "Platform", "Sampling", "Synthesis", "Tokenizer",
      ]),
    tests(
      "Runner",
      imports: ["Platform", "GGUF", "GPTOSS", "Model", "Measurement", "Harmony", "JSON", "Terminal"]),
  ] + instructionSetTargets + testProgramTargets,
  swiftLanguageModes: [.v6]
)
