#!/bin/sh
# The lease of a binding is a place of labgrid with the binding's name. Start it in the binding by
#   lease: { command: [../../docs/examples/lease/labgrid.sh] }
# LG_COORDINATOR, LG_USERNAME and the like are those of your environment. A place has no time limit: it is held until it
# is released. labgrid-client acquires no place twice, not even for the same user.
place=$EVERYLEAF_LEASE_BINDING
us="${LG_HOSTNAME:-$(hostname)}/${LG_USERNAME:-$(id -un)}"
by() { labgrid-client -p "$place" show | sed -n 's/^ *acquired: *//p'; }
case $EVERYLEAF_LEASE in
  take) labgrid-client -p "$place" acquire >&2 || { echo "$place is acquired by $(by)"; exit 1; } ;;
  renew) [ "$(by)" = "$us" ] || { echo "$place is acquired by $(by)"; exit 1; } ;;
  give) labgrid-client -p "$place" release >&2 ;;
  show) echo "$place is acquired by $(by)" ;;
  *) exit 2 ;;
esac
