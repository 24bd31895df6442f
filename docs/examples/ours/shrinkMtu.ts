import { offer, type Fault } from 'everyleaf/extend';

export const shrinkMtu: Fault<{ readonly bytes: number }> = {
  name: 'shrinkMtu',
  undoName: 'growMtu',
  title: 'the leaf drops big frames',
  undoTitle: 'the leaf takes every frame',
  pastTense: 'dropping big frames',
  whatATechnicianSees: "Small pings pass and big ones do not; the leaf's port counts giants.",
  bond: 'does not react',
  waitsFor: 'nothing',
  defaults: { bytes: 1_000 },
  plan({ lab, leg }, { bytes }) {
    const node = lab.topology.host.node;
    const nft = (input: string) => ({ node, argv: ['nft', '-f', '-'], input });
    const chain = `netdev giants ${leg.name}`;
    const hook = `type filter hook egress device "${leg.hostPort}" priority 100;`;
    return offer({
      name: `${leg.name}: frames above ${bytes} bytes are dropped`,
      steps: [nft(`table netdev giants { chain ${leg.name} { ${hook} meta length > ${bytes} drop; }; }`)],
      // Works also when nothing was done: adding what exists changes nothing, so there is always something to delete.
      undo: [nft(`add table netdev giants; add chain ${chain}; delete chain ${chain}`)],
      maxMs: 600_000,
    });
  },
  effects: ({ leg }) => ({
    begin: [{ type: 'wire', leg: leg.name, direction: 'to-leaf', state: 'lossy' }],
    end: [{ type: 'wire', leg: leg.name, direction: 'to-leaf', state: 'whole' }],
  }),
};
