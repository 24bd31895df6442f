import type { AuditFact } from '../../evidence/types.js';
import { BOND } from '../../bonding/make.js';
import type { OvsSwitch } from '../../ovs/switch.js';
import type { Topology } from '../../topology/model.js';
import { blockFact, configFacts, flowFacts } from './audit.js';

/** Where filters are: at each port where frames come in. Those of the bond are those of its ports, too. */
const hooks = (ports: readonly string[]): readonly string[] => [...ports, BOND].map((port) => `dev ${port} ingress`);

/**
 * P15: what the host's switch handed to tc, probed and not assumed.
 * @param ports of the switch, without the bond
 */
export async function offloadFacts(
  ovs: OvsSwitch,
  { legs }: Topology,
  ports: readonly string[],
): Promise<readonly AuditFact[]> {
  const dump = (type: string) => ovs.appctl(['dpctl/dump-flows', '-m', `type=${type}`]);
  const tc = async (words: string) => (await ovs.node.exec(['tc', ...words.split(' ')])).stdout;
  const [[row] = []] = await ovs.select([{ table: 'Open_vSwitch', columns: ['other_config'] }]);
  const qdiscs = await tc('-j qdisc show');
  const [inTc, inModule] = [await dump('tc'), await dump('ovs')];
  const filters = new Map<string, string>();
  for (const words of hooks(ports)) filters.set(words, await tc(`-s -j filter show ${words}`));
  const inTcAfter = await dump('tc');
  const legPorts = legs.map(({ hostPort }) => hostPort);
  return [...configFacts(row), blockFact(qdiscs, legPorts), ...flowFacts({ inTc, inModule, filters, inTcAfter })];
}
