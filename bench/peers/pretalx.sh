#!/usr/bin/env bash
# Install pretalx from its package into a virtual environment of its own; nothing of it enters Krzew's.
# PEER_PYTHON names its Python; otherwise the newest of 3.13, 3.12 and python3 that is at hand.
set -euo pipefail
cd "$(dirname "$0")/../.."
home=${PRETALX_VENV:-.venv/peers/pretalx}
[ -x "$home/bin/python" ] && "$home/bin/python" -c "import pretalx, gunicorn" 2>/dev/null && exit 0
works() { "$1" -c "import ensurepip, venv" >/dev/null 2>&1; }
for python in "${PEER_PYTHON:-}" python3.13 python3.12 python3; do
  [ -n "$python" ] && works "$python" && break
done
mkdir -p "$(dirname "$home")"
"$python" -m venv --clear "$home"
"$home/bin/python" -m pip install --quiet --disable-pip-version-check -r bench/peers/pretalx.txt
"$home/bin/python" -c "from importlib.metadata import version; print('pretalx', version('pretalx'))"
