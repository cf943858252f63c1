#!/usr/bin/env bash
# Makes a Swift SDK for AArch64 Linux from Debian's packages, for run.sh: see README.md.
#
#   sdk.sh      in $GPTOSS_ARM64_SDK, or ~/.cache/gptoss-arm64; says where
#
# Needs the `swift` of PATH, apt, about 900 MB of room meanwhile and 200 MB in the end. Changes nothing of the system but for
# installing qemu-user-static. Exits 3 with a line SKIPPED where packages are gone or do not fit this compiler.
set -euo pipefail
dir=${GPTOSS_ARM64_SDK:-$HOME/.cache/gptoss-arm64}
edits=$(cksum <"$0")
mkdir -p "$dir"
cd "$dir"
triple=aarch64-unknown-linux-gnu
bundle=sdks/debian-arm64.artifactbundle
root=$bundle/debian-arm64/$triple
sysroot=$root/sysroot
resources=$sysroot/usr/lib/swift
toolchain=$(dirname "$(dirname "$(readlink -f "$(command -v swiftc)")")")
# Another compiler, or another version of this script, makes the SDK anew.
version="$(swiftc --version 2>/dev/null | head -1), $edits"

skip() { printf 'SKIPPED arm64 SDK: %s\n' "$*"; exit 3; }
step() { printf '%s (%d s)\n' "$*" "$SECONDS"; }

if [ -f stamp ] && [ "$(cat stamp)" = "$version" ]; then
  step "the SDK in $dir is up to date"
  exit 0
fi
rm -rf sdks stamp work
mkdir -p work/lists/partial work/archives/partial work/debs "$sysroot/usr/lib"

if ! command -v qemu-aarch64-static >/dev/null; then
  step "installing qemu-user-static"
  apt-get update -qq && apt-get install -y -qq --no-install-recommends qemu-user-static >/dev/null ||
    skip "qemu-user-static cannot be installed"
fi

# The mirror that this machine uses, in another suite and for another CPU, with lists and a state of its own.
mirror=$(apt-get indextargets --format '$(REPO_URI) $(LABEL)' 'Created-By: Packages' |
  awk '$2 == "Debian" && !found++ { print $1 }')
[ -n "$mirror" ] || skip "apt has no Debian source, or 'apt-get update' has not been run"
keys=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb [arch=arm64 signed-by=$keys] $mirror sid main" >work/sources.list
: >work/status
apt=(-qq -o Dir::State::Lists="$dir/work/lists" -o Dir::State::status="$dir/work/status" -o Dir::Cache="$dir/work"
  -o Dir::Cache::archives="$dir/work/archives" -o Dir::Etc::sourcelist="$dir/work/sources.list"
  -o Dir::Etc::sourceparts=/dev/null -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o APT::Sandbox::User=root)
step "package lists"
apt-get "${apt[@]}" update || skip "sid's package lists cannot be read"
# The headers and start files of the newest GCC.
gcc=$(apt-cache "${apt[@]}" search --names-only '^libgcc-[0-9]+-dev$' | awk '{ print $1 }' | sort -V | tail -1)
step "packages"
(cd work/debs && apt-get "${apt[@]}" download swiftlang libswiftlang libc6 libc6-dev linux-libc-dev libgcc-s1 \
  "$gcc" libstdc++6 libgfortran5 libopenblas0-pthread libopenblas-pthread-dev) || skip "sid lacks a package"

step "unpacking"
for deb in work/debs/*.deb; do
  case $(basename "$deb") in
    swiftlang_* | libswiftlang_*)
      # The library alone: the compiler is this machine's.
      dpkg-deb --fsys-tarfile "$deb" | tar -x -C "$sysroot/usr/lib" --strip-components=5 --wildcards \
        './usr/libexec/swift/lib/swift/linux/*' './usr/libexec/swift/lib/swift/shims/*' \
        './usr/libexec/swift/lib/swift/apinotes/*' 2>/dev/null || true
      ;;
    *) dpkg -x "$deb" "$sysroot" ;;
  esac
done
rm -rf work
ls "$resources"/linux/libTesting.so "$resources"/linux/Testing.swiftmodule "$resources"/shims/module.modulemap \
  >/dev/null || skip "the packages' files have moved"
ln -s usr/lib "$sysroot/lib"
libraries=$sysroot/usr/lib/aarch64-linux-gnu
ln -s openblas-pthread/libopenblas.so.0 "$libraries/libopenblas.so.0"
ln -s libopenblas.so.0 "$libraries/libopenblas.so"
ln -s aarch64-linux-gnu/openblas-pthread/cblas.h aarch64-linux-gnu/openblas-pthread/openblas_config.h \
  "$sysroot/usr/include/"
# The compiler's own C headers belong to its version of Clang.
ln -s "$toolchain/lib/swift/clang/" "$resources/clang"

# A binary module is of use to the compiler that wrote it only; the textual interfaces are read by newer ones. Modules
# without one, such as Foundation and Dispatch, cannot be imported.
find "$resources/linux" -type f \( -name '*.swiftmodule' -o -name '*.swiftdoc' -o -name '*.private.swiftinterface' \) \
  -delete
find "$resources/linux" -type d -name '*.swiftmodule' -empty -delete
rm -rf "$resources/linux/Testing.swiftcrossimport"

# What the macros of Swift Testing 6.3 write and the interface of 6.2 does not have: a record's accessor that is not
# optional, another name for the record of 6.2, an initializer that does not check. And what they no longer write: members of
# a suite.
testing=$resources/linux/Testing.swiftmodule/$triple.swiftinterface
if ! grep -q __uncheckedFileID "$testing"; then
  step "editing Testing's interface"
  record='^public typealias __TestContentRecord = (.*accessor: Testing.__TestContentRecordAccessor?,'
  required='var __testContentRecord: Testing.__TestContentRecord {'
  suite='^@attached(member) \(.*public macro Suite(\)'
  initializer='^  public init(fileID: Swift.String, filePath: Swift.String, line: Swift.Int, column: Swift.Int)$'
  for pattern in "$record" "$required" "$initializer"; do
    [ "$(grep -c "$pattern" "$testing")" = 1 ] || skip "Testing's interface has changed: no $pattern"
  done
  [ "$(grep -c "$suite" "$testing")" = 2 ] || skip "Testing's interface has changed: no $suite"
  sed -i "s/$suite/\\1/" "$testing"
  sed -i "/$record/ { p; s/__TestContentRecord =/__TestContentRecord6_2 =/ }" "$testing"
  sed -i -e "/$record/ s/Accessor?,/Accessor,/" -e "/$required/ s/Record {/Record6_2 {/" \
    -e "/$initializer/ a\\
  @_alwaysEmitIntoClient public init(__uncheckedFileID fileID: Swift.String, filePath: Swift.String, line: Swift.Int, column: Swift.Int) { self.init(fileID: fileID, filePath: filePath, line: line, column: column) }" "$testing"
fi

cat >"$bundle/info.json" <<END
{
  "schemaVersion": "1.0",
  "artifacts": {
    "debian-arm64": {
      "type": "swiftSDK", "version": "1", "variants": [ { "path": "debian-arm64/$triple" } ]
    }
  }
}
END
cat >"$root/swift-sdk.json" <<END
{
  "schemaVersion": "4.0",
  "targetTriples": {
    "$triple": {
      "sdkRootPath": "sysroot",
      "swiftResourcesPath": "sysroot/usr/lib/swift",
      "toolsetPaths": [ "toolset.json" ]
    }
  }
}
END
cat >"$root/toolset.json" <<END
{ "schemaVersion": "1.0", "swiftCompiler": { "extraCLIOptions": [ "-use-ld=lld" ] } }
END
step "a test of the SDK, which also compiles the interfaces"
mkdir work
cat >work/try.swift <<'END'
import Glibc
import Synchronization
import Testing

@Suite("Sums") struct Sums {
  @Test(arguments: [1, 2]) func sum(x: Int) throws { #expect(try #require(Optional(x)) + 1 > x) }
}
@main struct Program { static func main() async { await Testing.__swiftPMEntryPoint() as Never } }
END
swiftc -target $triple -sdk "$sysroot" -resource-dir "$resources" -use-ld=lld -O -parse-as-library \
  -plugin-path "$toolchain/lib/swift/host/plugins" -module-cache-path work/modules work/try.swift -lTesting \
  -o work/try >work/log 2>&1 || { tail -20 work/log; skip "this compiler does not accept the interfaces"; }
qemu-aarch64-static -L "$sysroot" -E LD_LIBRARY_PATH=/usr/lib/swift/linux:/usr/lib/aarch64-linux-gnu \
  work/try --testing-library swift-testing 2>&1 | grep 'Test run with 1 test .*passed' || skip "QEMU does not run the program"
rm -rf work
echo "$version" >stamp
step "done: $(du -sh sdks | cut -f1) in $dir"
