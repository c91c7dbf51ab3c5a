# Shared by ./mqm and the scripts it calls: where things are, and how to say what is going on.
# Sourced, never run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
deps="$root/.deps"
lws_minimum=4.3.5
swift_minimum=6.2

say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }
die() {
  printf 'mqm: %s\n' "$*" >&2
  exit 1
}

# at_least HAVE WANT: whether version HAVE is WANT or later.
at_least() { [ "$(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1)" = "$2" ]; }

# need_packages WHAT-FOR PACKAGE...: installs the Debian packages that are missing, or says how to.
need_packages() {
  local purpose=$1 missing=() package
  shift
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  command -v apt-get >/dev/null || die "this needs Debian 12 or later (no apt-get here). Missing for $purpose: ${missing[*]}"
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
      as_root=(sudo)
    else
      die "packages are missing for $purpose, and this user may not install them. Ask for, or run as root:
  apt-get install ${missing[*]}"
    fi
  fi
  say "installing for $purpose: ${missing[*]}"
  mkdir -p "$deps/log"
  {
    "${as_root[@]}" apt-get update &&
      "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${missing[@]}"
  } >"$deps/log/apt.log" 2>&1 || {
    tail -n 15 "$deps/log/apt.log" >&2
    die "apt could not install: ${missing[*]} (whole log: .deps/log/apt.log)"
  }
}

need_swift() {
  local version
  command -v swift >/dev/null || die "Swift is not installed. Install Swift $swift_minimum or later: https://www.swift.org/install/linux/debian/ and put its usr/bin on PATH."
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9.]*\).*/\1/p' | head -n 1)
  at_least "${version:-0}" "$swift_minimum" ||
    die "Swift ${version:-of unknown version} is too old; $swift_minimum or later is needed. See https://www.swift.org/install/linux/debian/"
}
