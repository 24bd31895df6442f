import type { Capability } from '../../doctor/types.js';
import { shellCommand } from '../../shellQuote.js';
import { DEBIAN, devicesOf, launch, PROGRAM } from './engine.js';

/** An application of DPDK that bonds two macvlans, each on a network interface. */
export const BONDED_APPLICATION: Capability = {
  name: 'dpdk bonding',
  neededFor: 'the data plane dpdk-bond',
  need: 'required',
  tools: [PROGRAM, 'stdbuf', 'mkfifo', 'ip', 'nft'],
  debian: DEBIAN,
  script: `
for leg in leg0 leg1; do
  ip link add $leg type veth peer name $leg-far; ip link set $leg up; ip link set $leg-far up
  ip link add link $leg name $leg-app type macvlan mode passthru; ip link set $leg-app up
done
ip link add app0 type veth peer name app1; ip link set app0 up; ip link set app1 up
export RUNTIME_DIRECTORY=$W; cd $W
${shellCommand(launch('in', 'pid', devicesOf('active-backup', 'app1', ['leg0-app', 'leg1-app'])))} >out &
until grep -q '^io packet forwarding' out; do kill -0 $! 2>/dev/null || { cat out >&2; exit 1; }; sleep 0.05; done
kill -9 $!
`,
  command: `${PROGRAM} --no-huge --vdev=net_af_packet1,iface=leg0 --vdev=net_bonding0,mode=1,slave=net_af_packet1`,
};
