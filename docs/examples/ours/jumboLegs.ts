import { DEFAULTS, testbedNamed, type Lab, type TestbedKind } from 'everyleaf/extend';

/** Bytes; both ends of a leg must agree. */
const MTU = 9_000;

async function widen(lab: Lab): Promise<void> {
  for (const { name } of lab.topology.legs)
    for (const end of [lab.link(name).a, lab.link(name).b])
      await end.node.exec(['ip', 'link', 'set', end.name, 'mtu', String(MTU)]);
}

/** Labs of the built-in testbed whose legs take jumbo frames. Open your own machines here instead. */
export const jumboLegs: TestbedKind = {
  name: 'jumbo-legs',
  async open() {
    const netns = await testbedNamed('netns', DEFAULTS).open();
    return {
      ...netns,
      name: 'jumbo-legs',
      async open(wanted, options) {
        const lab = await netns.open(wanted, options);
        await widen(lab);
        return {
          ...lab,
          async reset() {
            await lab.reset();
            await widen(lab);
          },
        };
      },
    };
  },
};
