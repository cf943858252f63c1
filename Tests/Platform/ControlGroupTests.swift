import GPTOSSPlatform
import Testing

/// If these fail, a process in a container takes more threads or memory than the container may have.
struct ControlGroupTests {
  struct Case<Limit: Sendable>: CustomTestStringConvertible, Sendable {
    var testDescription: String
    var membership: String
    var files: [String: String]
    var limit: Limit?

    /// Asks a control group whose files are this case's.
    func ask(_ question: (ControlGroup) -> Limit?) throws -> Limit? {
      let root = try TemporaryFolder()
      defer { root.remove() }
      for (path, text) in files { try root.write(Array(text.utf8), to: path) }
      return question(ControlGroup(membership: membership, root: root.path))
    }
  }

  @Test(arguments: [
    Case(testDescription: "no control groups", membership: "", files: [:], limit: nil),
    Case(
      testDescription: "version 2, no limit", membership: "0::/\n", files: ["cpu.max": "max 100000\n"],
      limit: nil),
    Case(
      testDescription: "version 2, one and a half", membership: "0::/a/b\n",
      files: ["a/b/cpu.max": "150000 100000\n", "cpu.max": "max 100000\n"], limit: 1.5),
    Case(
      testDescription: "version 2, a parent is tighter", membership: "0::/a/b\n",
      files: ["a/b/cpu.max": "400000 100000\n", "a/cpu.max": "200000 100000\n"], limit: 2),
    Case(
      testDescription: "version 1, together with cpuacct", membership: "5:memory:/x\n4:cpu,cpuacct:/a\n",
      files: ["cpu/a/cpu.cfs_quota_us": "50000\n", "cpu/a/cpu.cfs_period_us": "100000\n"], limit: 0.5),
    Case(
      testDescription: "version 1, no limit", membership: "4:cpu:/\n",
      files: ["cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"], limit: nil),
    Case(
      testDescription: "version 1 in a container, whose path is the host's",
      membership: "4:cpu:/docker/123\n",
      files: ["cpu/cpu.cfs_quota_us": "300000\n", "cpu/cpu.cfs_period_us": "100000\n"], limit: 3),
    Case(
      testDescription: "nonsense", membership: "0::/\nx\n::\n", files: ["cpu.max": "many few 3\n"], limit: nil
    ),
  ])
  func processors(_ test: Case<Double>) throws {
    #expect(try test.ask { $0.processorQuota() } == test.limit)
  }

  @Test(arguments: [
    Case(testDescription: "no control groups", membership: "", files: [:], limit: nil),
    Case(
      testDescription: "version 2, no limit", membership: "0::/a\n",
      files: ["a/memory.max": "max\n", "a/memory.current": "1000\n"], limit: nil),
    Case(
      testDescription: "version 2, cached files do not count", membership: "0::/a\n",
      files: [
        "a/memory.max": "9000\n", "a/memory.current": "5000\n",
        "a/memory.stat": "anon 1000\nfile 4000\nfile_mapped 7\n",
      ], limit: 8000),
    Case(
      testDescription: "version 2, a parent is fuller", membership: "0::/a/b\n",
      files: [
        "a/b/memory.max": "9000\n", "a/b/memory.current": "1000\n", "a/memory.max": "9000\n",
        "a/memory.current": "7000\n",
      ], limit: 2000),
    Case(
      testDescription: "version 1, a group between the own one and the root is the tightest",
      membership: "4:cpu:/x\n5:memory:/a/b/c\n",
      files: [
        "memory/a/b/c/memory.limit_in_bytes": "9223372036854771712\n",
        "memory/a/b/c/memory.usage_in_bytes": "100\n", "memory/a/b/memory.limit_in_bytes": "5000\n",
        "memory/a/b/memory.usage_in_bytes": "2000\n", "memory/a/b/memory.stat": "cache 1\ntotal_cache 500\n",
        "memory/memory.limit_in_bytes": "9223372036854771712\n",
      ], limit: 3500),
    Case(
      testDescription: "version 1 in a container, whose path is the host's",
      membership: "5:memory:/docker/123\n",
      files: ["memory/memory.limit_in_bytes": "5000\n", "memory/memory.usage_in_bytes": "6000\n"],
      limit: -1000),
  ])
  func memory(_ test: Case<Int>) throws {
    #expect(try test.ask { $0.memoryLeft() } == test.limit)
  }

  @Test(arguments: [
    (limit: 1000, usage: 700, cached: 200, left: 500),
    // The counts were taken at different moments.
    (1000, 700, 800, 1000),
    // How a control group of version 1 says that it has no limit.
    (.max - 4095, 1000, 9000, .max - 4095),
    (1000, 1500, 100, -400),
  ])
  func whatIsLeftOfALimit(limit: Int, usage: Int, cached: Int, left: Int) {
    #expect(ControlGroup.memoryLeft(of: limit, usage: usage, cached: cached) == left)
  }
}
