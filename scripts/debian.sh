# Debian packages that are unpacked inside the project instead of being installed. Sourced, never run.

# fetch_packages NAME FOLDER "SUITE..." PACKAGE...: fetches the newest version of each package that one of the suites has,
# from the mirror that this system already uses, signatures checked by apt against Debian's keyring, and unpacks it into
# FOLDER. Nothing of the system is changed by that, its apt configuration least of all. PACKAGE may be PACKAGE/SUITE.
fetch_packages() {
  local name=$1 folder=$2 suites=$3 work="$deps/apt-$1" main security keyring suite options
  shift 3
  rm -rf "$work" "$folder"
  mkdir -p "$work"/{lists/partial,cache/archives/partial,debs} "$folder" "$deps/log"
  mirror() { # mirror PATTERN DEFAULT
    { cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null || true; } |
      grep -v '^ *#' | grep -oE "https?://[^ ]+/$1/?( |\$)" | head -n 1 | tr -d ' ' | grep . || echo "$2"
  }
  main=$(mirror debian http://deb.debian.org/debian)
  security=$(mirror debian-security http://deb.debian.org/debian-security)
  keyring=/usr/share/keyrings/debian-archive-keyring.gpg
  [ -f "$keyring" ] || need_packages "checking Debian's signatures" debian-archive-keyring
  for suite in $suites; do
    case "$suite" in
      *-security) echo "deb [signed-by=$keyring] $security $suite main" ;;
      *) echo "deb [signed-by=$keyring] $main $suite main" ;;
    esac
  done >"$work/sources.list"
  options=(
    -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferencesparts=/dev/null
    -o "Dir::State::lists=$work/lists" -o "Dir::Cache=$work/cache" -o Debug::NoLocking=1
    -o APT::Sandbox::User=root -o APT::Get::AllowUnauthenticated=false
  )
  (
    cd "$work/debs"
    apt-get "${options[@]}" update
    apt-get "${options[@]}" download "$@"
  ) >"$deps/log/$name.log" 2>&1 || {
    tail -n 15 "$deps/log/$name.log" >&2
    die "$name could not be fetched (whole log: .deps/log/$name.log)"
  }
  for package in "$work"/debs/*.deb; do dpkg -x "$package" "$folder"; done
  rm -rf "$work"
}
