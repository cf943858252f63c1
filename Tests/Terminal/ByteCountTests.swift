import GPTOSSTerminal
import Testing

/// Numbers of bytes as people read them.
struct ByteCountTests {
  @Test(arguments: [
    (0, "0 bytes"), (999, "999 bytes"), (1000, "1.00 kB"), (9994, "9.99 kB"), (9995, "10.0 kB"),
    (99_949, "99.9 kB"), (99_950, "100 kB"), (999_499, "999 kB"), (999_500, "1.00 MB"),
    (12_096_558_336, "12.1 GB"), (5_000_000_000_000_000, "5000 TB"),
  ])
  func text(_ count: Int, _ text: String) {
    #expect("\(ByteCount(count))" == text)
  }
}
