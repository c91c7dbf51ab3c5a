# The layers of ./mqm test. Sourced by it.

# shellcheck source=scripts/fuzz.sh
. scripts/fuzz.sh

all_layers=(format scripts swift web protocol conformance sockets browsers)

# What only testing needs.
set_up_tests() {
  need_packages "the tests" chromium curl firefox-esr python3 python3-venv shellcheck sqlite3 strace
  need_coturn
  # Node may come from elsewhere than Debian, and is in the way then if its package is asked for.
  command -v node >/dev/null || need_packages "the tests of the web front" nodejs
  command -v tsc >/dev/null || need_packages "the tests of the web front" node-typescript
  local wanted="$root/Tests/EndToEndTests/requirements.txt" have="$deps/venv/requirements.txt"
  if ! cmp -s "$wanted" "$have"; then
    say "installing the test tools into .deps/venv"
    rm -rf "$deps/venv"
    mkdir -p "$deps/log"
    {
      python3 -m venv "$deps/venv" && "$deps/venv/bin/pip" install --disable-pip-version-check -r "$wanted"
    } >"$deps/log/pip.log" 2>&1 || {
      tail -n 15 "$deps/log/pip.log" >&2
      die "the test tools could not be installed (whole log: .deps/log/pip.log)"
    }
    cp "$wanted" "$have"
  fi
}

# promtool, which judges metrics, rules and configurations of Prometheus. The package would start a server, so only the
# program is taken out of it.
set_up_promtool() {
  command -v promtool >/dev/null && return
  [ -x "$deps/prometheus/usr/bin/promtool" ] && return
  need_packages "the tests of metrics" dpkg-dev
  say "fetching promtool into .deps/prometheus"
  mkdir -p "$deps/prometheus" "$deps/log"
  (
    # Without lists of packages nothing can be downloaded; only root may fetch them.
    cd "$deps/prometheus" &&
      { apt-get download prometheus || { apt-get update && apt-get download prometheus; }; } &&
      dpkg-deb --fsys-tarfile prometheus_*.deb | tar -x ./usr/bin/promtool &&
      rm prometheus_*.deb
  ) >"$deps/log/promtool.log" 2>&1 || {
    tail -n 15 "$deps/log/promtool.log" >&2
    die "promtool could not be fetched (whole log: .deps/log/promtool.log)"
  }
}

# Debian's package would start a TURN server with open ports at once and at every boot; the tests start their own.
need_coturn() {
  command -v turnserver >/dev/null && return 0
  local as_root=() has_systemd=false
  [ "$(id -u)" -eq 0 ] || as_root=(sudo -n)
  [ ! -d /run/systemd/system ] || has_systemd=true
  ! $has_systemd || "${as_root[@]}" systemctl mask --runtime coturn >/dev/null 2>&1 || true
  need_packages "the tests" coturn
  ! $has_systemd || {
    "${as_root[@]}" systemctl disable coturn
    "${as_root[@]}" systemctl unmask --runtime coturn
  } >/dev/null 2>&1 || true
}

layer_format() { swift format lint --strict --recursive --parallel Package.swift Sources Tests; }
layer_scripts() { shellcheck -x mqm scripts/libwebsockets.sh scripts/peers.sh .ci/run; }
layer_swift() { swift test "${swift_flags[@]}" --disable-xctest; }
layer_web() { tsc --noEmit -p web/tsconfig.json && node --test web/test/*.test.js; }
layer_protocol() { end_to_end protocol; }
layer_sockets() {
  set_up_promtool
  end_to_end sockets
}
layer_browsers() { end_to_end browsers; }
layer_conformance() { MQM_ECHO="$root/$(dirname "$(binary)")/echo-server" end_to_end conformance; }

# By its name only, and in CI: it builds everything once more. The fuzzers for a moment each, and the socket tests on a server with
# address sanitizer.
layer_asan() {
  set_up_promtool
  build_instrumented mqm-fuzz mqm-broker
  local target
  for target in "${fuzz_targets[@]}"; do fuzz_one "$target" 5 || return 1; done
  # Fewer races: they have been held a thousand times by the layer `sockets`. Load generator and bench are not what is examined.
  MQM_RACES=100 MQM_BROKER="$root/$instrumented/debug/mqm-broker" sanitized "$deps/venv/bin/python" -m pytest -q \
    Tests/EndToEndTests/sockets --ignore-glob '*/test_load.py' --ignore-glob '*/test_bench.py'
}

end_to_end() {
  MQM_BROKER="$root/$(binary)" "$deps/venv/bin/python" -m pytest -q "Tests/EndToEndTests/$1"
}

run_tests() {
  local layers=("$@") layer started failed=()
  [ ${#layers[@]} -gt 0 ] || layers=("${all_layers[@]}")
  for layer in "${layers[@]}"; do
    declare -F "layer_$layer" >/dev/null || die "there is no test layer '$layer'; there are: ${all_layers[*]}"
  done
  set_up_tests
  build --build-tests
  for layer in "${layers[@]}"; do
    say "tests: $layer"
    started=$SECONDS
    if "layer_$layer"; then
      say "tests: $layer passed after $((SECONDS - started)) s"
    else
      say "tests: $layer FAILED after $((SECONDS - started)) s"
      failed+=("$layer")
    fi
  done
  [ ${#failed[@]} -eq 0 ] || die "failed: ${failed[*]}"
  say "all passed after $SECONDS s"
}
