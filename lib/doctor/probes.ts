import type { PlaneMachine } from '../dataplane/machine.js';
import type { Capability } from './types.js';

const VETH = 'ip link add name leg0 type veth peer name leg1; ip link set leg0 up; ip link set leg1 up';

const TCPDUMP = `
ip link set lo up
tcpdump -Z root -i lo -c 1 --immediate-mode -U -w $W/one.pcap icmp 2>$W/said & tap=$!
until grep -q 'listening on' $W/said; do kill -0 $tap || { cat $W/said >&2; exit 1; }; sleep 0.01; done
ping -q -c 1 -W 1 127.0.0.1 >/dev/null
wait $tap
`;

/** AF_PACKET 17, SOCK_RAW 3, ETH_P_ALL 3 in network order. */
const PACKET_SOCKET = `"$NODE" --input-type=commonjs -e '
const koffi = require("koffi");
const fd = koffi.load("libc.so.6").func("int socket(int, int, int)")(17, 3, 0x0300);
if (fd < 0) { console.error("socket(AF_PACKET): errno " + koffi.errno()); process.exit(1); }'`;

/** A capture file with one ARP request in it, little-endian microseconds, link type 1. */
const ONE_ARP_PCAP = [
  'd4c3b2a1020004000000000000000000ffff000001000000',
  '0000000000000000' + '2a0000002a000000',
  'ffffffffffff02000000000108060001080006040001020000000001c000020100000000' + '0000c0000202',
]
  .join('')
  .replaceAll(/../g, (byte) => `\\${Number.parseInt(byte, 16).toString(8).padStart(3, '0')}`);

const FIREWALL = (rules: string): string => `${VETH}\nnft 'table netdev t { ${rules}; }'`;

/**
 * What every lab and this project's tests may need of a machine, and nothing that none of them uses. To add one is to
 * add an entry.
 */
const PROBES: readonly Capability[] = [
  // What the default qualification needs.
  {
    name: 'namespaces',
    neededFor: 'every lab: it vanishes with its process',
    need: 'required',
    tools: ['unshare'],
    script: 'unshare --mount --pid --net --fork --kill-child --mount-proc true',
  },
  {
    name: 'veth',
    neededFor: 'legs: one end in the host, one in the leaf',
    need: 'required',
    tools: ['ip'],
    script: VETH,
    command: 'ip link add name leg0 type veth peer name leg1',
  },
  {
    name: 'tcpdump',
    neededFor: 'captures on leaf ports',
    need: 'required',
    tools: ['tcpdump', 'ip', 'ping'],
    script: TCPDUMP,
    command: 'tcpdump -Z root -i lo -c 1 --immediate-mode -U -w one.pcap',
  },
  {
    name: 'packet socket',
    neededFor: 'sending probes',
    need: 'required',
    tools: [],
    script: PACKET_SOCKET,
    command: 'socket(AF_PACKET, SOCK_RAW, ETH_P_ALL)',
  },
  {
    name: 'nft egress',
    neededFor: 'the control rewrites-nonce, and the faults mute, deafen, lose and silenceLacp',
    need: 'required',
    tools: ['nft', 'ip'],
    script: FIREWALL(
      'chain c { type filter hook egress device leg0 priority 0; icmpv6 type nd-neighbor-solicit @th,192,8 14 @th,224,32 set 0xdeadbeef; drop; }',
    ),
  },
  {
    name: 'nft dup',
    neededFor: 'the control stale-liveness: seeing what the host hands to a dead leg',
    need: 'required',
    tools: ['nft', 'ip'],
    script: FIREWALL('chain c { type filter hook egress device leg0 priority 0; dup to leg1; }'),
  },

  // What a normal user, single scenarios and faults, and this project's tests need; scenarios and faults without it are
  // skipped, and the skip says so.
  {
    name: 'user namespaces',
    neededFor: 'running as a normal user',
    need: 'optional',
    tools: ['unshare'],
    script: 'unshare --user --map-root-user true',
  },
  {
    name: 'nft numgen',
    neededFor: 'fault lose',
    need: 'optional',
    tools: ['nft', 'ip'],
    script: FIREWALL('chain c { type filter hook egress device leg0 priority 0; numgen random mod 100 < 10 drop; }'),
  },
  {
    name: 'tc netem',
    neededFor: 'fault delay',
    need: 'optional',
    tools: ['tc', 'ip'],
    script: `${VETH}\ntc qdisc add dev leg0 root netem delay 1ms`,
  },
  {
    name: 'vlan devices',
    neededFor: 'a trunk VM whose own kernel sets the tags',
    need: 'optional',
    tools: ['ip'],
    script: `${VETH}\nip link add link leg0 name leg0.10 type vlan id 10`,
  },
  {
    name: 'frr',
    neededFor: 'leaves that announce host routes',
    need: 'optional',
    tools: ['/usr/lib/frr/zebra'],
    debian: 'frr',
    script: 'mount -t tmpfs scratch /var/tmp\ntouch $W/conf\n/usr/lib/frr/zebra --dryrun --config_file $W/conf',
    command: '/usr/lib/frr/zebra --dryrun',
  },
  {
    name: 'tshark',
    neededFor: "this project's tests: an independent decoder",
    need: 'optional',
    tools: ['tshark'],
    script: `printf '${ONE_ARP_PCAP}' >$W/one.pcap\ntest "$(tshark -r $W/one.pcap -T fields -e arp.opcode)" = 1`,
    command: 'tshark -r one.pcap -T fields -e arp.opcode',
  },
  {
    name: 'chromium',
    neededFor: "this project's tests: the report in a browser",
    need: 'optional',
    tools: ['chromium'],
    script: `export HOME=$W XDG_CONFIG_HOME=$W XDG_CACHE_HOME=$W\nchromium --headless --no-sandbox --disable-gpu --disable-dev-shm-usage --user-data-dir=$W/profile --dump-dom 'data:text/html,<p>works' 2>/dev/null | grep -q works`,
    command: 'chromium --headless --dump-dom data:text/html,works',
  },
];

/**
 * All that a qualification on a data plane may need: what every lab needs, and what the data plane declares.
 */
export function probesFor(machine: PlaneMachine | undefined): readonly Capability[] {
  return [...PROBES, ...(machine?.probes ?? [])];
}
