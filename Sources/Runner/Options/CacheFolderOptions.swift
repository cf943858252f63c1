import ArgumentParser
import GPTOSS

/// Where what was read outlives the process.
struct CacheFolderOptions: ParsableArguments {
  @Option(
    help: """
      A folder that keeps what was read, so that a later run, or another program at the same time, goes on \
      where this one was. Its files hold what was said, for their owner alone. Nothing is kept if left out.
      """,
    completion: .directory)
  var cacheDir: String?

  @Option(
    number: "The most megabytes that the files of --cache-dir may take; those that were used last stay.")
  var cacheDirLimit = LoadOptions().cacheDirectoryByteLimit / Self.megabyte

  private static let megabyte = 1_000_000

  func validate() throws {
    if cacheDir?.isEmpty == true { throw ValidationError("--cache-dir is empty; give the path of a folder.") }
    try checkOption("cache-dir-limit", cacheDirLimit, in: 1...1_000_000_000)
  }

  /// Sets what the options say.
  func set(_ options: inout LoadOptions) {
    options.cacheDirectory = cacheDir
    options.cacheDirectoryByteLimit = cacheDirLimit * Self.megabyte
  }
}
