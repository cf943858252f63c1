#!/usr/bin/env bash
# Checks that no function compiled for a newer instruction set can take the place of one that runs everywhere.
#
# The linker keeps one of several weak functions of the same name. A helper that the compiler emits into every module that
# needs it (a specialized function of the standard library, say) would be such a function: kept from an instruction set's
# module, it would run on CPUs that lack its instructions. So a weak function in those modules' objects must carry the name of
# a type or function of that module.
#
# Usage: Tests/Conformance/symbols.sh [BUILD_FOLDER]     (default .build/release)
set -eu
build=${1:-.build/release}
failures=0
modules=0
for set in AVX2 AVXVNNI AVX512 NEON NEONI8MM; do
  objects=("$build/GPTOSSKernels$set.build"/*.o)
  [ -e "${objects[0]}" ] || continue
  modules=$((modules + 1))
  # What copies a value does so with registers that every AArch64 CPU has, if with other ones on x86-64.
  harmless='^$'
  case $set in NEON*) harmless='__swift_(memcpy[0-9_]+|noop_void_return)$' ;; esac
  # W, w: weak functions and objects; V, v: weak data, which is the same whatever it was compiled for.
  foreign=$(nm "${objects[@]}" | grep -E ' [Ww] ' | grep -v "$set" | grep -vE "$harmless" || true)
  if [ -n "$foreign" ]; then
    echo "GPTOSSKernels$set: weak symbols that another module may share:"
    echo "$foreign"
    failures=$((failures + 1))
  fi
done
if [ "$modules" -eq 0 ]; then
  echo "symbols: no module of an instruction set in $build (not x86-64 or AArch64, or not built): skipped"
  exit 0
fi
echo "symbols: $modules modules, $failures with shared weak symbols"
[ "$failures" -eq 0 ]
