#!/bin/sh
# Sends every ARP, NS and NA frame of the host and its VMs out of every uplink.
set -eu

uplinks=$(echo "$EVERYLEAF_UPLINKS" | tr ',' ' ')
cookie=0x1eaf

of() { ovs-ofctl -O OpenFlow13 "$@"; }

# Asked once: a process for each port is slow on a busy machine. One line for each, `NAME,NUMBER`.
ofports=$(ovs-vsctl --format=csv --data=bare --no-headings --columns=name,ofport list interface)
ofport() {
  for entry in $ofports; do
    case $entry in "$1",*) echo "${entry#*,}"; return ;; esac
  done
  return 1
}

number() { if [ "$1" = "$EVERYLEAF_BRIDGE" ]; then echo LOCAL; else ofport "$1"; fi; }

# One bucket for each uplink.
group() {
  buckets=''
  for uplink in $uplinks; do buckets="$buckets,bucket=actions=output:$(ofport "$uplink")"; done
  echo "group_id=$GROUP,type=all$buckets"
}

# Actions that give a frame of port $1 with VLAN $2 (0 = none) to the other ports of that VLAN and to every uplink. Unicast frames, too:
# this script does not know which MAC is behind which port.
copies() {
  tagged='' bare=''
  for sender in $EVERYLEAF_SENDERS; do
    port=${sender%%=*} how=${sender#*=}
    [ "$port" = "$1" ] && continue
    case "$2:$how" in
      0:native) tagged="$tagged,output:$(number "$port")" ;;
      0:*) ;;
      *:access:"$2") bare="$bare,output:$(number "$port")" ;;
      *:trunk:*) case ",${how#trunk:}," in *",$2,"*) tagged="$tagged,output:$(number "$port")" ;; esac ;;
    esac
  done
  # The tag comes off last: the copies before still need it.
  echo "${tagged#,}${tagged:+,}group:$GROUP${bare:+,pop_vlan$bare}"
}

# Flows of port $1 for frames of VLAN $2, that match $3 when they come in, and first need the actions $4.
flows() {
  actions=$4$(copies "$1" "$2")
  for what in arp icmp6,icmp_type=135 icmp6,icmp_type=136; do
    echo "cookie=$cookie,priority=200,in_port=$(number "$1"),$3,$what,actions=$actions"
  done
}

install() {
  of add-group "$EVERYLEAF_BRIDGE" "$(group)"
  for sender in $EVERYLEAF_SENDERS; do
    port=${sender%%=*}
    case ${sender#*=} in
      native) flows "$port" 0 vlan_tci=0x0000/0x1fff '' ;;
      access:*) vlan=${sender##*:}; flows "$port" "$vlan" vlan_tci=0x0000/0x1fff "push_vlan:0x8100,set_field:$((vlan + 4096))->vlan_vid," ;;
      trunk:*) for vlan in $(echo "${sender##*:}" | tr ',' ' '); do flows "$port" "$vlan" "dl_vlan=$vlan" ''; done ;;
    esac
  done | of --bundle -O OpenFlow14 add-flows "$EVERYLEAF_BRIDGE" -
}

remove() {
  of del-flows "$EVERYLEAF_BRIDGE" "cookie=$cookie/-1"
  of del-groups "$EVERYLEAF_BRIDGE" "group_id=$GROUP"
}

trap 'remove; exit 0' TERM INT
install
echo ready
while :; do
  sleep 3600 &
  wait $!
done
