#!/usr/bin/env bash
# One command for a machine with a GPU: the tests that need one, the speed of training, the networks of Table 2
# beside the same ones trained on the CPU, and as many of the 300 networks of Figures 4 and 9 to 12 as the time allows.
#
#     bash benchmarks/gpu.sh OUT
#
# Needs a checkout and a python with torch (PYTHON, default python3); installs nothing and uses no network. What that
# python lacks is done without. Ends after MINUTES (default 9). Into OUT: results.json, results.txt, orders.json, log.txt,
# and runs/, which a second call with the same OUT goes on with. DEVICE=cpu SMALL=1 tries all of it without a GPU.
# HIDDEN orders the widths of the sweep.
set -u
cd "$(dirname "$0")/.."
out=${1:?usage: bash benchmarks/gpu.sh OUT}
python=${PYTHON:-python3} device=${DEVICE:-cuda} minutes=${MINUTES:-9} small=${SMALL:-} hidden=${HIDDEN:-2048,1024,512,256}
mkdir -p "$out/runs"
out=$(cd "$out" && pwd)
export PYTHONPATH=$PWD PYTHONUNBUFFERED=1 OMP_NUM_THREADS=1
deadline=$((SECONDS + minutes * 60))
left() { echo $((deadline - SECONDS > 1 ? deadline - SECONDS : 1)); }
cogo() { "$python" -m cogo_search "$@"; }
if [ -n "$small" ]; then
    table="--group 5,7 --hidden 32 --epochs 400 --seeds 1-2" figures="--group 5,7 --hidden 16,24 --epochs 300 --seeds 1-2"
    speed="--networks 2 --shapes 5:16,7:32"
else
    table="--group 23,71,127 --seeds 1-5"
    figures="--group 23,71,127 --hidden $hidden --weight-decay 1e-5,5e-5,1e-4,2e-4,5e-4 --seeds 1-5"
    speed="--networks 5"
fi

# step NAME SECONDS COMMAND...: runs it for at most so long; its status and duration go into steps.txt
step() {
    local name=$1 limit=$2 begun=$SECONDS code
    shift 2
    [ "$limit" -le "$(left)" ] || limit=$(left)
    echo "== $name (at most $limit s): $*"
    timeout --signal=INT --kill-after=20 "$limit" "$@"
    code=$?
    echo "$name $code $((SECONDS - begun))" >> "$out/steps.txt"
    echo "== $name ended with $code after $((SECONDS - begun)) s"
}

main() {
    rm -f "$out/steps.txt" "$out/speed.json"
    if ! command -v nvidia-smi > /dev/null || ! nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv; then
        echo "nvidia-smi: none here"
    fi
    step tests 150 "$python" -m pytest -q -rs -p no:cacheprovider -o addopts=--import-mode=importlib \
        tests/training/test_batch.py --slow --junitxml="$out/tests.xml"
    step speed 120 "$python" benchmarks/train_batch.py --device "$device" $speed --json "$out/speed.json"
    step table "$(left)" "$python" -m cogo_search train $table --device "$device" --out "$out/runs/table2-$device" --resume --json
    # the same on the CPU, beside the sweep: what is compared with it are numbers of nodes, not times
    cogo train $table --device cpu --out "$out/runs/table2-reference" --resume > /dev/null 2> "$out/reference.txt" &
    local reference=$!
    step figures $(($(left) > 30 ? $(left) - 20 : 10)) \
        "$python" -m cogo_search train $figures --device "$device" --out "$out/runs/figures" --resume
    kill -INT "$reference" 2> /dev/null
    wait "$reference"
    cogo train orders "$out/runs/figures" --json > "$out/orders.json"
    "$python" benchmarks/gpu_results.py "$out" --device "$device"
}
main 2>&1 | tee "$out/log.txt"
[ -s "$out/results.json" ]
