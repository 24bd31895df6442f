import { unmarked } from './control/bridge/unmarked.js';
import { heardBySender } from './control/dpdk/heardBySender.js';
import { MUTANTS } from './control/ovs/registry.js';
import { DETOURS } from './control/tamper/detours.js';
import { TAMPERS } from './control/tamper/registry.js';
import { chain } from './dataplane/chain/chain.js';
import { dpdkBond } from './dataplane/dpdk-bond/dpdkBond.js';
import { installed } from './dataplane/installed/plane.js';
import { kernelBond } from './dataplane/kernel-bond/bond.js';
import { linuxBridge } from './dataplane/linux-bridge/bridge.js';
import { macvlan } from './dataplane/macvlan/macvlan.js';
import { ovsDpdk } from './dataplane/ovs-dpdk/ovsDpdk.js';
import { ovsOffload } from './dataplane/ovs-offload/plane.js';
import { ovsBond } from './dataplane/ovs-bond/bond.js';
import { qos } from './dataplane/qos/qos.js';
import { sriov } from './dataplane/sriov/plane.js';
import { vxlan } from './dataplane/vxlan/vxlan.js';
import { FAULTS } from './fault/builtIn.js';
import { PROFILES } from './profile/builtIn.js';
import type { Registries } from './registries.js';
import { broadcastNeighbor } from './replicator/broadcastNeighbor.js';
import { ebpf } from './replicator/ebpf.js';
import { nftDup } from './replicator/nftDup.js';
import { none } from './replicator/none.js';
import { ovsGroupClass } from './replicator/ovs/classed.js';
import { ovsController } from './replicator/ovs/controlled.js';
import { ovsGroupTwoTags } from './replicator/ovs/twoTags.js';
import { ovsGroup } from './replicator/ovsGroup.js';
import { tcCbpf } from './replicator/tcCbpf.js';
import { tcFlower } from './replicator/tcFlower.js';
import { openNetnsTestbed } from './testbed/netns/testbed.js';
import { bindSshTestbed } from './testbed/ssh/bound.js';
import { holdMachines } from './testbed/ssh/hold.js';
import { chooseGuest } from './testbed/vm/choose.js';
import { openVmTestbed } from './testbed/vm/testbed.js';

const dataPlanes = [
  ovsBond,
  linuxBridge,
  kernelBond,
  macvlan,
  vxlan,
  qos,
  chain,
  ovsDpdk,
  ovsOffload,
  dpdkBond,
  sriov,
  installed,
];

/**
 * Everything that is built in. This is the only file that knows a testbed or a data plane by its name; a new one is one
 * file, or one folder, and one line here. The first of each list is the default.
 */
export const DEFAULTS: Registries = {
  testbeds: [
    { name: 'netns', open: openNetnsTestbed },
    {
      name: 'ssh',
      onBinding: true,
      hold: (order) => holdMachines(order, dataPlanes),
      open: (choice = { binding: null }) => bindSshTestbed(choice, dataPlanes),
    },
    { name: 'vm', withKernel: chooseGuest, open: (choice) => openVmTestbed(choice?.kernel ?? 'newest', choice?.needs) },
  ],
  dataPlanes,
  replicators: [
    ovsGroup,
    nftDup,
    ebpf,
    tcCbpf,
    tcFlower,
    broadcastNeighbor,
    ovsGroupClass,
    ovsController,
    ovsGroupTwoTags,
    none,
  ],
  faults: Object.values(FAULTS),
  profiles: PROFILES,
  mutants: [...MUTANTS, unmarked, heardBySender],
  tampers: [...TAMPERS, ...DETOURS],
};
