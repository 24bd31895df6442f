import type { Capability } from '../doctor/types.js';

/**
 * One Open vSwitch, with everything it writes in `$W`, in the foreground of this probe: it ends with the probe's
 * namespaces. `vs` is its ovs-vsctl.
 * @param program of the switch: its name, or its path
 * @param config settings of the whole switch, as `ovs-vsctl set` takes them
 */
export const switchScript = (program = 'ovs-vswitchd', config = ''): string => `
export OVS_RUNDIR=$W OVS_DBDIR=$W OVS_LOGDIR=$W OVS_SYSCONFDIR=$W
ovsdb-tool create $W/conf.db /usr/share/openvswitch/vswitch.ovsschema
ovsdb-server --remote=punix:$W/db.sock --pidfile=$W/ovsdb.pid --unixctl=$W/db.ctl --no-chdir --detach --log-file=/dev/null $W/conf.db
ovs-vsctl --db=unix:$W/db.sock --no-wait init${config === '' ? '' : ` -- set Open_vSwitch . ${config}`}
${program} unix:$W/db.sock --pidfile=$W/vswitchd.pid --unixctl=$W/ovs.ctl --no-chdir --detach --log-file=/dev/null
vs() { ovs-vsctl --timeout=50 --db=unix:$W/db.sock "$@"; }
`;

const OVS = switchScript();

const OVS_TOOLS = ['ovsdb-tool', 'ovsdb-server', 'ovs-vswitchd', 'ovs-vsctl', 'ovs-appctl', 'ip'];

/** Two bridges joined by two links, each with its own LACP system. */
const LACP = `${OVS}
ip link add a0 type veth peer name b0; ip link add a1 type veth peer name b1
for i in a0 a1 b0 b1; do ip link set $i up; done
vs add-br left -- set bridge left datapath_type=netdev other_config:hwaddr=02:00:00:00:00:0a \\
  -- add-bond left bond-l a0 a1 lacp=active other_config:lacp-time=fast \\
  -- add-br right -- set bridge right datapath_type=netdev other_config:hwaddr=02:00:00:00:00:0b \\
  -- add-bond right bond-r b0 b1 lacp=active other_config:lacp-time=fast
negotiated() { ovs-appctl -t $W/ovs.ctl lacp/show bond-l | grep -q 'status: active negotiated'; }
try=0
until negotiated; do
  try=$((try + 1)); test $try -lt 400 || { ovs-appctl -t $W/ovs.ctl lacp/show bond-l >&2; exit 1; }
  sleep 0.05
done
`;

/** The userspace datapath makes such a port for each bridge. */
export const TUN: Capability = {
  name: 'tun',
  neededFor: 'the ports of Open vSwitch bridges',
  need: 'required',
  tools: ['ip'],
  script: 'ip tuntap add dev tap0 mode tap',
};

/** A switch in user space. */
export const OPEN_VSWITCH: Capability = {
  name: 'open vswitch',
  neededFor: "leaves and the host's bond, in user space",
  need: 'required',
  tools: OVS_TOOLS,
  script: `${OVS}vs add-br br0 -- set bridge br0 datapath_type=netdev\nip link show br0 >/dev/null`,
  command: 'ovs-vsctl add-br br0 -- set bridge br0 datapath_type=netdev',
};

/** Two of its bonds that find each other. */
export const LACP_NEGOTIATED: Capability = {
  name: 'lacp',
  neededFor: 'bond mode balance-tcp',
  need: 'required',
  tools: OVS_TOOLS,
  script: LACP,
  command: 'ovs-appctl lacp/show',
};
