#!/usr/bin/env bash
# Makes libwebsockets 4.3.5 or later available to the build, and prints the folder of its pkg-config file and the
# folder of its shared library, one a line. Older versions have CVE-2025-11677 (use after free on an unknown Upgrade).
#
# Where the distribution's package is new enough, that is installed with apt. On Debian 12 it is not: there the Debian 13
# binary packages are fetched with apt from the same mirror, their signatures checked by apt against Debian's keyring,
# and unpacked inside the project. Nothing of the system is changed by that, its apt configuration least of all.
set -euo pipefail
# shellcheck source=scripts/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=scripts/debian.sh
. "$root/scripts/debian.sh"

multiarch=$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || gcc -print-multiarch)
unpacked="$deps/libwebsockets"

system_version=$(pkg-config --modversion libwebsockets 2>/dev/null || true)
if at_least "${system_version:-0}" "$lws_minimum"; then
  pkg-config --variable=pcfiledir libwebsockets
  pkg-config --variable=libdir libwebsockets
  exit 0
fi

candidate=$(apt-cache policy libwebsockets-dev 2>/dev/null | sed -n 's/^ *Candidate: //p')
if at_least "${candidate:-0}" "$lws_minimum"; then
  need_packages "the build" libwebsockets-dev
  exec "${BASH_SOURCE[0]}"
fi

# Its headers include one of libcap's, which is fetched with them.
if [ ! -f "$unpacked/ready" ] || [ ! -f "$unpacked/usr/include/sys/capability.h" ]; then
  say "fetching libwebsockets $lws_minimum or later from Debian 13 (this distribution has ${candidate:-none})"
  fetch_packages libwebsockets "$unpacked" "trixie trixie-security" libwebsockets19t64 libwebsockets-dev libcap-dev
  # The packaged description points at /usr and asks for libcap's, which only static linking would need.
  # shellcheck disable=SC2016 # pkg-config expands it, not the shell
  sed -i -e 's|^prefix=.*|prefix=${pcfiledir}/../../..|' -e '/^Requires:/d' "$unpacked/usr/lib/$multiarch/pkgconfig/libwebsockets.pc"
  touch "$unpacked/ready"
fi
echo "$unpacked/usr/lib/$multiarch/pkgconfig"
echo "$unpacked/usr/lib/$multiarch"
