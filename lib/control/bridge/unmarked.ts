import { tcCbpf } from '../../profile/table/tcCbpf.js';
import { CBPF_FILTER } from '../../replicator/cbpf/filter.js';
import { bytecode } from '../../replicator/cbpf/assemble.js';
import { PROGRAM } from '../../replicator/cbpf/program.js';
import { EGRESS_MODES, EGRESS_PLANES } from '../../replicator/egress.js';
import { HANDLE, installEgress, PREF } from '../../replicator/tc/egress.js';
import type { Mutant } from '../../replicator/types.js';

/** "Copy what leaves here to the other uplink", at the egress of both, as one would write it at first. */
export const unmarked: Mutant = {
  name: 'unmarked',
  description:
    'Copies are not marked, so each is copied back at the egress of the other leg: two on every leaf, where the recursion limit of the kernel ends it.',
  mustFind: ['duplicate'],
  profile: tcCbpf,
  on: EGRESS_PLANES,
  modes: EGRESS_MODES,
  install: (context) =>
    installEgress(context, {
      ...CBPF_FILTER,
      put: (node, port, others) =>
        node.exec(
          [
            ...['tc', 'filter', 'replace', 'dev', port, 'egress', 'protocol', 'all', 'pref', `${PREF}`],
            ...['handle', HANDLE, 'bpf', 'bytecode', bytecode(PROGRAM)],
            ...others.flatMap((other) => ['action', 'mirred', 'egress', 'mirror', 'dev', other]),
          ],
          { mayFail: true },
        ),
    }),
};
