import GPTOSSKernels
import Testing

/// Whether OpenBLAS's threads find the addresses that they ask for until they get them. Breaks when a process
/// that would hang is let run, or one that would not is refused.
struct AddressSpaceTests {
  @Test(
    arguments: [
      (200, 2, [:], false), (735, 2, [:], false), (736, 2, [:], true), (1024, 64, [:], false),
      (14_000, 64, [:], true),
      (5100, 64, ["OPENBLAS_NUM_THREADS": "1"], true), (5600, 64, ["OMP_NUM_THREADS": "4"], true),
      (5100, 64, ["OPENBLAS_NUM_THREADS": "0"], false), (200, 1, ["OPENBLAS_NUM_THREADS": "8"], false),
    ] as [(Int, Int, [String: String], Bool)])
  func limits(_ mebibytes: Int, _ processors: Int, _ environment: [String: String], _ suffices: Bool) {
    let problem = AddressSpace.problem(
      limit: mebibytes << 20, processors: processors, environment: environment)
    #expect((problem == nil) == suffices, "\(problem ?? "")")
    #expect(problem.map { $0.contains("ulimit -v") && !$0.contains("\n") } ?? true)
  }
}
