#pragma once
// CPU instructions that C spells as macros or as inline assembly, one always-inline function each, so that Swift can
// use them. No logic here. A function is compiled only where Swift uses it, for the instruction set of that module.

#define INSTRUCTION static inline __attribute__((always_inline))

/// Asks for a cache line to be brought into the first-level cache. Never faults. PREFETCHT0.
INSTRUCTION void prefetch(const void *address) { __builtin_prefetch(address); }

/// The same, no nearer than the second-level cache.
INSTRUCTION void prefetchToSecondLevel(const void *address) { __builtin_prefetch(address, 0, 2); }

/// Tells the CPU that a loop waits for another thread: leaves the core to the other hardware thread for a moment.
INSTRUCTION void pauseBriefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("isb");
#endif
}

#if defined(__x86_64__)
#include <immintrin.h>

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

/// Rounds to half precision, to nearest, ties to even. VCVTPS2PH.
INSTRUCTION __m256i roundToHalf512(__m512 x) { return _mm512_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT); }
INSTRUCTION __m128i roundToHalf256(__m256 x) { return _mm256_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT); }

/// In each 32-bit lane: `sum + a[0]·b[0] + … + a[3]·b[3]`, bytes, `a` unsigned and `b` signed. VPDPBUSD.
INSTRUCTION __m512i dpbusd512(__m512i sum, __m512i a, __m512i b) { return _mm512_dpbusd_epi32(sum, a, b); }

/// In each 32-bit lane: `sum + a[0]·b[0] + a[1]·b[1]`, signed 16-bit integers. VPDPWSSD.
INSTRUCTION __m512i dpwssd512(__m512i sum, __m512i a, __m512i b) { return _mm512_dpwssd_epi32(sum, a, b); }

/// The two in 256-bit vectors, in the encoding of AVX-VNNI.
INSTRUCTION __m256i dpbusd256(__m256i sum, __m256i a, __m256i b) { return _mm256_dpbusd_avx_epi32(sum, a, b); }
INSTRUCTION __m256i dpwssd256(__m256i sum, __m256i a, __m256i b) { return _mm256_dpwssd_avx_epi32(sum, a, b); }

/// The same in the encoding of AVX-512.
INSTRUCTION __m256i dpbusd256VL(__m256i sum, __m256i a, __m256i b) { return _mm256_dpbusd_epi32(sum, a, b); }
INSTRUCTION __m256i dpwssd256VL(__m256i sum, __m256i a, __m256i b) { return _mm256_dpwssd_epi32(sum, a, b); }

/// Four 128-bit vectors side by side. VINSERTI32X4.
INSTRUCTION __m512i join128(__m128i a, __m128i b, __m128i c, __m128i d) {
  __m512i lower = _mm512_inserti32x4(_mm512_castsi128_si512(a), b, 1);
  return _mm512_inserti32x4(_mm512_inserti32x4(lower, c, 2), d, 3);
}

/// The upper half of a 256-bit vector. VEXTRACTI128.
INSTRUCTION __m128i upper128(__m256i a) { return _mm256_extracti128_si256(a, 1); }

#elif defined(__aarch64__) && defined(__linux__)
#include <sys/auxv.h>

/// What Linux says of the CPU: AT_HWCAP and AT_HWCAP2 of the auxiliary vector.
INSTRUCTION unsigned long hwcap(void) { return getauxval(AT_HWCAP); }
INSTRUCTION unsigned long hwcap2(void) { return getauxval(AT_HWCAP2); }

#endif

#undef INSTRUCTION
