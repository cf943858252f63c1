#!/usr/bin/env bash
# Checks which instructions the modules of instruction sets without AVX-512 were compiled to.
#
# A CPU with AVX2, or with AVX-VNNI, need not know the EVEX encoding, nor the registers that it reaches: ZMM, YMM and XMM 16
# to 31, masks. VPDPBUSD and VPDPWSSD exist in both encodings; a compiler that is told too much picks the wrong one, and the
# tests do not notice on a CPU that has both. In 64-bit code an instruction whose first byte is 62 is EVEX-encoded, and one
# with c4 is VEX-encoded.
#
# Usage: Tests/Conformance/instructions.sh [BUILD_FOLDER]     (default .build/release)
set -eu
build=${1:-.build/release}
failures=0
modules=0

# fail MODULE WHAT LINES
fail() {
  echo "GPTOSSKernels$1: $2:"
  echo "$3" | head -5
  failures=$((failures + 1))
}

for set in AVX2 AVXVNNI; do
  objects=("$build/GPTOSSKernels$set.build"/*.o)
  [ -e "${objects[0]}" ] || continue
  modules=$((modules + 1))
  code=$(objdump -d --no-addresses --insn-width=15 "${objects[@]}")
  evex=$(grep -E '^[[:space:]]*62 ' <<<"$code" || true)
  [ -z "$evex" ] || fail "$set" "EVEX-encoded instructions" "$evex"
  registers=$(grep -E '%zmm|%[xy]mm(1[6-9]|2[0-9]|3[01])|%k[0-7]' <<<"$code" || true)
  [ -z "$registers" ] || fail "$set" "registers of AVX-512" "$registers"
  for dot in vpdpbusd vpdpwssd; do
    found=$(grep -E "$dot[[:space:]]" <<<"$code" || true)
    case $set in
      AVX2) [ -z "$found" ] || fail "$set" "$dot, which AVX2 has not" "$found" ;;
      AVXVNNI) grep -qE '^[[:space:]]*c4 ' <<<"$found" || fail "$set" "no VEX-encoded $dot" "" ;;
    esac
  done
done
if [ "$modules" -eq 0 ]; then
  echo "instructions: no module of an instruction set in $build (not x86-64, or not built): skipped"
  exit 0
fi
echo "instructions: $modules modules, $failures failures"
[ "$failures" -eq 0 ]
