#!/usr/bin/env bash
# Kernels on the GPU of this machine: correctness, then microseconds and shares of the measured copy bandwidth.
#   benchmarks/cuda/run.sh build    # here or elsewhere: one native program, no GPU needed; into benchmarks/cuda/out
#   benchmarks/cuda/run.sh          # on the machine with the GPU, about two minutes; needs the driver alone
# cuBLAS is compared where its library is found: on LD_LIBRARY_PATH, or beside a Python installation's torch.
set -euo pipefail
cd "$(dirname "$0")"
if [ "${1:-}" = build ]; then
  exec dotnet publish -c Release -o out --nologo -v q
fi
blas=$(find / -xdev -name 'libcublas.so.1[0-9]' -not -path '/proc/*' 2> /dev/null | head -n 1 || true)
if [ -n "$blas" ]; then
  export LD_LIBRARY_PATH="$(dirname "$blas"):${LD_LIBRARY_PATH:-}"
fi
exec out/FlatLearning.CudaBenchmark "$@"
