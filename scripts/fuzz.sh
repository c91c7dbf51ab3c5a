# What is compiled with address sanitizer: the fuzzers, and the server for the layer `asan`. Sourced by ./mqm.

instrumented=.build-fuzz
fuzz_targets=(frames http messages values documents records routes sessions)

# build_instrumented PRODUCT...: with address sanitizer, and with the counters that guide libFuzzer. They are built in one
# go because the packages that they have in common are most of the work.
build_instrumented() {
  set_up_build
  local runtime product
  runtime=$(swiftc -print-target-info | sed -n 's/.*"runtimeResourcePath": "\(.*\)".*/\1/p')
  MQM_FUZZER_LIBRARY=$(compgen -G "$runtime/clang/lib/*/libclang_rt.fuzzer_no_main-$(uname -m).a") ||
    die "this Swift comes without libFuzzer (no libclang_rt.fuzzer_no_main in $runtime/clang)"
  export MQM_FUZZER_LIBRARY
  [ -d "$instrumented" ] || say "building with address sanitizer for the first time: about 7 minutes on 2 cores"
  # Optimised, with all checks; testable, as the fuzzers look inside; lld, as gold does not know all of the sanitizer's symbols.
  for product in "$@"; do
    swift build --scratch-path "$instrumented" --sanitize address -Xswiftc -O -Xswiftc -Xfrontend \
      -Xswiftc -sanitize=fuzzer -Xswiftc -use-ld=lld "${swift_flags[@]}" --product "$product" >&2
  done
}

# Leaks are not looked for: what the server keeps for its life, and what another thread has just then, would be taken for
# some. Swift's own backtrace reads freed memory, which the sanitizer then reports instead of what happened.
sanitized() {
  ASAN_OPTIONS=detect_leaks=0:symbolize=1 SWIFT_BACKTRACE=enable=no \
    ASAN_SYMBOLIZER_PATH="$(dirname "$(readlink -f "$(command -v swiftc)")")/llvm-symbolizer" "$@"
}

# fuzz [TARGET ...] [--seconds N] [--replay FILE]
fuzz() {
  local targets=() seconds=60 replay='' target
  while [ $# -gt 0 ]; do
    case $1 in
      --seconds) seconds=${2:?} && shift 2 ;;
      --replay) replay=${2:?} && shift 2 ;;
      *) targets+=("$1") && shift ;;
    esac
  done
  for target in "${targets[@]}"; do
    [ -d "Tests/Fuzz/corpus/$target" ] || die "there is no fuzz target '$target'; there are: ${fuzz_targets[*]}"
  done
  [ ${#targets[@]} -gt 0 ] || targets=("${fuzz_targets[@]}")
  build_instrumented mqm-fuzz
  if [ -n "$replay" ]; then
    sanitized "$instrumented/debug/mqm-fuzz" "${targets[0]}" "$replay"
    return
  fi
  local failed=()
  for target in "${targets[@]}"; do fuzz_one "$target" "$seconds" || failed+=("$target"); done
  [ ${#failed[@]} -eq 0 ] || die "findings in: ${failed[*]}"
}

# fuzz_one TARGET SECONDS: begins with the corpus and with what earlier runs on this machine came upon.
fuzz_one() {
  local target=$1 seconds=$2 found="$instrumented/fuzz/$1" log="$instrumented/fuzz/$1.log" code=0 cpu executions
  mkdir -p "$found"
  say "fuzzing $target for $seconds s"
  # Binary packages' code, libwebsockets among them, is not instrumented: it is reached, and gives no guidance.
  cpu=$({
    TIMEFORMAT='%U %S'
    time sanitized "$instrumented/debug/mqm-fuzz" "$target" -max_total_time="$seconds" -timeout=60 -rss_limit_mb=3072 \
      -artifact_prefix="$instrumented/fuzz/$target-" -print_final_stats=1 "$found" "Tests/Fuzz/corpus/$target" \
      2> >(tee "$log" | awk '/^#/ { if (systime() - last >= 10) { print; fflush(); last = systime() } }' >&3) >/dev/null
  } 3>&2 2>&1) || code=$?
  executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  say "$target: ${executions:-0} executions, $(awk '{ printf "%.0f", $1 + $2 }' <<<"$cpu") s of CPU time"
  [ "$code" -ne 0 ] || return 0
  grep -m 3 -E 'Fatal error|ERROR: |SUMMARY: ' "$log" >&2 || true
  local input
  input=$(sed -n 's/.*Test unit written to //p' "$log" | tail -n 1)
  say "a finding; to see it again: ./mqm fuzz $target --replay ${input:-(no input was written: see $log)}"
  return 1
}
