#!/bin/sh
# ports.sh MAC=NAME...: gives the ports their names of the topology, now and at each boot.
set -eu
for pair in "$@"; do
  mac=${pair%%=*} name=${pair#*=}
  printf '[Match]\nMACAddress=%s\n\n[Link]\nName=%s\n' "$mac" "$name" >"/etc/systemd/network/10-everyleaf-$name.link"
  for device in /sys/class/net/*; do
    [ "$(cat "$device/address")" = "$mac" ] && [ -e "$device/device" ] || continue
    now=${device##*/}
    if [ "$now" != "$name" ]; then
      ip link set dev "$now" down
      ip link set dev "$now" name "$name"
    fi
    ip link set dev "$name" up
    continue 2
  done
  echo "ports.sh: no card has the MAC $mac of port $name" >&2
  exit 1
done
