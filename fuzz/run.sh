#!/bin/sh
# Fuzzes the decoders: `sh fuzz/run.sh [SECONDS [TARGET...]]`, by default 10 seconds each of all targets.
#
# Needs Rust (stable) and a C++ compiler. Prints one line for each target, and ends with 1 when anything was found. What was found is
# under fuzz/artifacts, with libFuzzer's log; fuzz/README.md says what to do with it.
set -eu
cd "$(dirname "$0")"

seconds=${1:-10}
[ $# -eq 0 ] || shift
case $seconds in
'' | *[!0-9]* | 0) echo "fuzz/run.sh: SECONDS is a number above 0, not \`$seconds\`" >&2; exit 2 ;;
esac
[ $# -gt 0 ] || set -- pem private_key pkcs12 certificate request crl ocsp ber server_flight transport conf start_file registry_file banner log_filter jws backup hub caa

# The longest input that is tried: room for the longest seed and half as much again; more only makes it slow.
max_len() {
    case $1 in
    pem) echo 16384 ;;
    private_key) echo 6144 ;;
    pkcs12) echo 12288 ;;
    certificate | request | crl | ocsp) echo 4096 ;;
    ber | server_flight) echo 8192 ;;
    transport | start_file | registry_file) echo 2048 ;;
    conf | banner | log_filter | jws | backup | hub | caa) echo 4096 ;;
    *) echo "fuzz/run.sh: there is no target \`$1\`" >&2; exit 2 ;;
    esac
}
for target; do max_len "$target" > /dev/null; done

# What `cargo fuzz` passes, without a sanitizer: that works with the stable compiler. With --target, build scripts and macros are not
# instrumented.
host=$(rustc -vV | sed -n 's/^host: //p')
coverage="-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
-Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Ccodegen-units=1"
binaries=
for target; do binaries="$binaries --bin $target"; done
# shellcheck disable=SC2086 # several words
RUSTFLAGS="--cfg fuzzing $coverage" CARGO_TARGET_DIR=target cargo build --quiet --locked --release --target "$host" $binaries

# field NAME LOG: a number of libFuzzer's final statistics.
field() { sed -n "s/^stat::$1: *//p" "$2"; }

# Memory: scrypt may take 64 MiB, and the corpus of a long run some 100 MB. An input that takes a minute is a finding, and so is a process
# that grows beyond its bound, which libFuzzer looks at every second.
found=0
for target; do
    corpus=corpus/$target artifacts=artifacts/$target
    mkdir -p "$corpus" "$artifacts" "found/$target"
    log=$artifacts/log
    status=0
    "target/$host/release/$target" "$corpus" "seeds/$target" "found/$target" -artifact_prefix="$artifacts/" -max_total_time="$seconds" \
        -max_len="$(max_len "$target")" -timeout=60 -rss_limit_mb=512 -print_final_stats=1 > "$log" 2>&1 || status=$?
    counters=$(sed -n 's/^#[0-9]*.* cov: \([0-9]*\) ft: \([0-9]*\) .*/\1 edges, \2 features/p' "$log" | tail -n 1)
    if [ "$status" -eq 0 ]; then
        verdict="nothing found"
    else
        found=1
        verdict="FOUND: $(sed -n -e 's/^==[0-9]*== ERROR: libFuzzer: //p' -e "s/^thread .* panicked at /panic at /p" "$log" | head -n 1), see fuzz/$log"
    fi
    echo "$target: $(field number_of_executed_units "$log") executions, ${counters:-no coverage}, $(field peak_rss_mb "$log") MB; $verdict"
done
exit "$found"
