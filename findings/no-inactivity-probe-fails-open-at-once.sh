#!/bin/bash
# A switch with fail_mode=standalone is to keep the flows of its controller for as long as it can while the controller is away. So its probes are
# switched off: inactivity_probe=0 at the controller; "A value of 0 disables inactivity probes", says ovs-vswitchd.conf.db(5).
# Guess: without probes nobody counts their absence, so the switch waits for ever, or at least the usual time of three probes, 15 s.
# Seen: it gives up after three times this value, so 0 is the least of all waits. The controller ends, and within 3 s its flows are gone and a flow of
#       priority 15790320, actions=NORMAL is in their place (ovs-ofctl dump-flows then lists nothing). With the usual probe the flows are still
#       there after 8 s. A large value is what keeps them: with 100,000 they are there, too. (ofproto/fail-open.c, FAIL_OPEN_DELAY.)
# Run on 2026-11-29: openvswitch-switch and openvswitch-testcontroller 3.1.0-2+deb12u1, kernel 6.18. Needs root, or user namespaces with /dev/net/tun open.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
chmod 755 .
apt-get download -q openvswitch-common=3.1.0-2+deb12u1 openvswitch-switch=3.1.0-2+deb12u1 openvswitch-testcontroller=3.1.0-2+deb12u1 \
  libunbound8 libxdp1 libbpf1 libelf1 libnuma1 libcap-ng0 libevent-2.1-7 libnghttp2-14 >/dev/null 2>&1
for package in ./*.deb; do dpkg -x "$package" root; done
LD_LIBRARY_PATH=$(find "$work/root" -name '*.so*' -printf '%h\n' | sort -u | paste -sd:)
PATH=$(find "$work/root" -type d \( -name bin -o -name sbin \) | paste -sd:):$PATH
VSWITCHD=$(find "$work/root" -name 'ovs-vswitchd*' -type f -perm -u+x -path '*lib*' -print -quit)
[ -n "$VSWITCHD" ] || VSWITCHD=$(command -v ovs-vswitchd)
export LD_LIBRARY_PATH PATH VSWITCHD
export OVS_RUNDIR=$work OVS_LOGDIR=$work OVS_DBDIR=$work OVS_SYSCONFDIR=$work OVS_PKGDATADIR=$work/root/usr/share/openvswitch

cat >inside.sh <<'INSIDE'
set -euo pipefail
vs= db=
trap 'kill $vs $db 2>/dev/null; wait' EXIT
ip link set lo up
ovsdb-tool create conf.db root/usr/share/openvswitch/vswitch.ovsschema
ovsdb-server conf.db --remote=punix:db.sock --unixctl=db.ctl 2>db.log &
db=$!
for _ in {1..50}; do [ -S db.sock ] && break; sleep 0.1; done
vsctl() { ovs-vsctl --db=unix:db.sock "$@"; }
vsctl --no-wait init
"$VSWITCHD" unix:"$PWD/db.sock" --unixctl=vs.ctl --disable-system 2>vs.log &
vs=$!
for _ in {1..50}; do [ -S vs.ctl ] && break; sleep 0.1; done
vsctl add-br br0 -- set bridge br0 datapath_type=netdev fail_mode=standalone

hidden() { ovs-appctl -t "$PWD/vs.ctl" bridge/dump-flows br0 | grep -q 'priority=15790320,.*NORMAL'; }
flows() { ovs-ofctl dump-flows "unix:$PWD/br0.mgmt" | grep -c 'priority=77' || :; }

# $1: inactivity_probe. Says what there is SECONDS after the end of the controller ($2).
trial() {
  ovs-testcontroller --unixctl=none "punix:$PWD/ctl.sock" 2>ctl.log &
  controller=$!
  for _ in {1..50}; do [ -S ctl.sock ] && break; sleep 0.1; done
  vsctl set-controller br0 "unix:$PWD/ctl.sock" -- set controller br0 inactivity_probe="$1" max_backoff=1000
  # Connected: the controller's own flow for what no flow matches is there.
  for _ in {1..100}; do ovs-ofctl dump-flows "unix:$PWD/br0.mgmt" | grep -q CONTROLLER && break; sleep 0.1; done
  ovs-ofctl add-flow "unix:$PWD/br0.mgmt" priority=77,actions=drop
  kill -KILL "$controller"
  wait "$controller" 2>/dev/null || :
  rm -f ctl.sock
  end=$((SECONDS + $2))
  while [ $SECONDS -lt $end ] && ! hidden; do sleep 0.1; done
  # The controller's flows go a moment after the hidden one has come.
  for _ in {1..50}; do { hidden && [ "$(flows)" -gt 0 ]; } || break; sleep 0.1; done
  if hidden; then echo "probe $1: hidden flow, $(flows) of the controller"; else echo "probe $1: no hidden flow, $(flows) of the controller"; fi
  vsctl del-controller br0
}
trial 0 3
trial 5000 8
trial 100000 8
INSIDE
said=$(unshare -Urn bash inside.sh 2>err || { cat err vs.log >&2; exit 1; })
echo "$said"
wanted='probe 0: hidden flow, 0 of the controller
probe 5000: no hidden flow, 1 of the controller
probe 100000: no hidden flow, 1 of the controller'
[ "$said" = "$wanted" ] || { echo "changed" >&2; exit 1; }
