#pragma once
// CPU instructions that C spells as macros or as inline assembly, one always-inline function each, so that Swift can
// use them. No logic here. A function is compiled only where Swift uses it, for the instruction set of that module.

#if defined(__x86_64__)
#include <immintrin.h>

#define INSTRUCTION static inline __attribute__((always_inline))

/// What CPUID answers to a leaf and a subleaf.
typedef struct { unsigned eax, ebx, ecx, edx; } CPUIDRegisters;

INSTRUCTION CPUIDRegisters cpuid(unsigned leaf, unsigned subleaf) {
  CPUIDRegisters r;
  __asm__ volatile("cpuid" : "=a"(r.eax), "=b"(r.ebx), "=c"(r.ecx), "=d"(r.edx) : "a"(leaf), "c"(subleaf));
  return r;
}

/// XCR0: which registers the operating system saves. Needs CPUID's OSXSAVE bit.
INSTRUCTION unsigned long long xgetbv0(void) {
  unsigned low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (unsigned long long)high << 32 | low;
}

/// In each 32-bit lane: `sum + a[0]·b[0] + … + a[3]·b[3]`, bytes, `a` unsigned and `b` signed. VPDPBUSD.
INSTRUCTION __m512i dpbusd512(__m512i sum, __m512i a, __m512i b) { return _mm512_dpbusd_epi32(sum, a, b); }

/// Asks for a cache line to be brought into the first-level cache. Never faults. PREFETCHT0.
INSTRUCTION void prefetch(const void *address) { __builtin_prefetch(address); }

#undef INSTRUCTION
#endif
