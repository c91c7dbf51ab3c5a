#!/usr/bin/env bash
# Fetches the servers that ./mqm bench measures beside the broker, from Debian's packages: nextcloud-spreed-signaling from
# bookworm-backports, and nats-server. They are unpacked into .deps/peers, not installed. Prints that folder.
set -euo pipefail
# shellcheck source=scripts/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
# shellcheck source=scripts/debian.sh
. "$root/scripts/debian.sh"

unpacked="$deps/peers"
if [ ! -f "$unpacked/ready" ]; then
  say "fetching the servers to compare with, from Debian: nextcloud-spreed-signaling, nats-server"
  fetch_packages peers "$unpacked" "bookworm bookworm-backports trixie" nextcloud-spreed-signaling/bookworm-backports nats-server/trixie
  touch "$unpacked/ready"
fi
echo "$unpacked"
