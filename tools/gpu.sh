#!/usr/bin/env bash
# What only a GPU can show, on one NVIDIA GPU and within eight minutes: tests, times, half precision, into results/gpu/.
#
#   tools/gpu.sh                  all parts
#   tools/gpu.sh --only steps     one of them; --help names them
#   tools/gpu.sh --dry            on the CPU, a few steps, into a temporary folder: does the script itself work?
#
# Python is .venv's, or what PYTHON names, or python3; it needs the package's dependencies, pytest, and a torch with CUDA.
set -euo pipefail
cd "$(dirname "$0")/.."
export OMP_NUM_THREADS="${OMP_NUM_THREADS:-1}" # small tensors: more threads only wait for each other
export PYTHONPATH="$PWD/src${PYTHONPATH:+:$PYTHONPATH}" PYTHONUTF8=1
if [ -z "${PYTHON:-}" ]; then
  PYTHON=.venv/bin/python
  [ -x "$PYTHON" ] || PYTHON=python3
fi
exec "$PYTHON" tools/gpu_runs.py "$@"
