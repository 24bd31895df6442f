import { bytecode } from '../../replicator/cbpf/assemble.js';
import { neighborFrames } from '../../replicator/cbpf/program.js';
import { LONGEST_CHANGE_MS, type Change, type CommandStep } from '../../testbed/change.js';
import type { Lab } from '../../testbed/lab.js';
import type { Leg } from '../../topology/model.js';
import { SINK } from './hooks.js';

/** Behind whatever else looks at frames there. */
const PREF = '60000';

/**
 * Only where tc has filters at the egress of a leg: elsewhere each frame passes the hooks of nft. A port that has filters
 * at its ingress alone, by the qdisc of that name, lists these when it is asked for those of its egress. Arguments: the
 * program, the ports of all legs, "--", those where frames are lost.
 */
const LOSE = `program=$1; shift
filters=
while [ "$1" != -- ]; do
  ! tc qdisc show dev "$1" | grep -q clsact || filters="$filters$(tc filter show dev "$1" egress 2>/dev/null)"
  shift
done
shift
[ -n "$filters" ] || exit 0
for port; do
  tc qdisc show dev "$port" | grep -q clsact || tc qdisc add dev "$port" clsact || exit
  tc filter add dev "$port" egress pref ${PREF} protocol all bpf bytecode "$program" action mirred egress redirect dev ${SINK.near} || exit
done`;

/**
 * Neighbor frames that tc copies to these legs are lost there. Such a copy passes no hook of nft at the port to which it
 * goes (include/linux/netfilter_netdev.h, nf_skip_egress), but those of tc. The sink of `hooked` must be there.
 */
export function tcCopiesLost({ topology: { host, legs } }: Lab, on: readonly Leg[]): Change {
  const portsOf = (some: readonly Leg[]) => some.map(({ hostPort }) => hostPort);
  const undone = (port: string): CommandStep => ({
    node: host.node,
    argv: ['tc', 'filter', 'del', 'dev', port, 'egress', 'pref', PREF],
    mayFail: true,
  });
  return {
    name: 'copies of tc are lost',
    steps: [
      {
        node: host.node,
        argv: ['sh', '-c', LOSE, 'sh', bytecode(neighborFrames(null)), ...portsOf(legs), '--', ...portsOf(on)],
      },
    ],
    undo: portsOf(on).map(undone),
    maxMs: LONGEST_CHANGE_MS,
  };
}
