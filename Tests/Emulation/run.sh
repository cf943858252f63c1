#!/usr/bin/env bash
# Builds the tests for AArch64 and runs them in an emulator: run.sh [OPTION OF SWIFT TEST …], see README.md.
#
# One run at a time: the pools of two wait for each other's threads by spinning. --no-parallel, because swift-testing would
# start every case before the first ends.
set -euo pipefail
cd "$(dirname "$0")/../.."
sdk=${GPTOSS_ARM64_SDK:-$HOME/.cache/gptoss-arm64}
[ -f "$sdk/stamp" ] || { echo "there is no SDK in $sdk: Tests/Emulation/sdk.sh makes it" >&2; exit 2; }
GPTOSS_ARCH=aarch64 GPTOSS_TEST_PROGRAM=1 swift build -c release --scratch-path .build-arm64 \
  --swift-sdks-path "$sdk/sdks" --swift-sdk debian-arm64 --product EmulatedTests
exec qemu-aarch64-static -L "$sdk/sdks/debian-arm64.artifactbundle/debian-arm64/aarch64-unknown-linux-gnu/sysroot" \
  -E LD_LIBRARY_PATH=/usr/lib/swift/linux:/usr/lib/aarch64-linux-gnu \
  .build-arm64/aarch64-unknown-linux-gnu/release/EmulatedTests --testing-library swift-testing --no-parallel "$@"
