import type { Capability } from '../../doctor/types.js';
import { switchScript } from '../../ovs/probes.js';
import { CONFIG, devargs, PROGRAM } from './engine.js';

const config = Object.entries(CONFIG)
  .map(([name, value]) => `other_config:${name}="${value}"`)
  .join(' ');

/** A port of DPDK on a network interface, in a switch that is started for it. */
export const DPDK_PORT: Capability = {
  name: 'ovs-dpdk',
  neededFor: 'the data plane ovs-dpdk',
  need: 'required',
  tools: [PROGRAM, 'ovsdb-tool', 'ovsdb-server', 'ovs-vsctl', 'ip'],
  debian: 'openvswitch-switch-dpdk librte-net-af-packet23 librte-mempool-ring23',
  script: `${switchScript(PROGRAM, config)}
ip link add leg0 type veth peer name leg1; ip link set leg0 up; ip link set leg1 up
vs add-br br0 -- set bridge br0 datapath_type=netdev \\
  -- add-port br0 leg0 -- set interface leg0 type=dpdk options:dpdk-devargs=${devargs('leg0', 0)}
error=$(vs get interface leg0 error); test "$error" = '[]' || { echo "$error" >&2; exit 1; }
`,
  command: 'ovs-vsctl set interface leg0 type=dpdk options:dpdk-devargs=net_af_packet0,iface=leg0',
};
