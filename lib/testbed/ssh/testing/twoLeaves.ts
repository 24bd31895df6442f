import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../../packageRoot.js';
import { loadBinding } from '../../../binding/load.js';
import { DEFAULTS } from '../../../defaults.js';
import { knownHosts } from '../../../ssh/local/bringUp.js';
import { planMachines } from '../../../ssh/local/plan.js';
import { cable } from '../../../ssh/local/machine.js';
import type { MachineOptions, TestMachine } from '../../../ssh/testing/machine.js';
import { LOCAL, localBindingText } from './localBinding.js';
import { openTestNetwork } from '../../../ssh/testing/network.js';

/** The machines of two-linux-leaves-local.yaml, in namespaces, with a real sshd on each; gone when it is disposed of. */
export interface TwoLeaves extends AsyncDisposable {
  /** A copy of the binding, beside its keys. */
  readonly binding: string;
  /** What is kept about it between runs: its journal, and whether it is well. */
  readonly state: string;
  readonly machines: Readonly<Record<MachineName, TestMachine>>;
  /**
   * What stands between host and leafb does this from now on to frames that go to leafb: nftables statements before they
   * are passed on.
   */
  between(rules: string): Promise<void>;
  /** What stands between host and leafb; null without. */
  readonly box: TestMachine | null;
  /**
   * What leafb's switch does from now on with a copy of each frame that goes to leafb, behind the lab's back: nftables
   * statements, which hand it on to "span" (the port cap0 of the machine cap) or to "cpu" (leafb's own port cpu0); and
   * named counters and chains besides.
   */
  copies(rules: string, more?: string): Promise<void>;
  /** Another binding beside it, with this text changed. */
  change(name: string, edit: (text: string) => string): Promise<string>;
}

export type MachineName = 'server' | 'leafa' | 'leafb';

/** Where copies of the frames to leafb come in. */
const COPIES = 'asic';

/** Ports of the box between host and leafb. */
const TO_HOST = 'near';
const TO_LEAF = 'far';

/**
 * In the order in which their addresses stand in the binding.
 *
 * @param isBetween something stands between host and leafb that nobody knows of
 * @param isMirrored it copies to leafb's root namespace what goes to leafb, and there is a machine cap, at 192.0.2.22
 */
export async function bringUpTwoLeaves(
  options: Partial<Record<MachineName, MachineOptions>> = {},
  isBetween = false,
  isMirrored = false,
): Promise<TwoLeaves> {
  const network = await openTestNetwork();
  // The journal of these machines is nobody else's, also where programs are started.
  const before = process.env['XDG_STATE_HOME'];
  process.env['XDG_STATE_HOME'] = join(network.folder, 'state');
  const close = async (): Promise<void> => {
    if (before === undefined) delete process.env['XDG_STATE_HOME'];
    else process.env['XDG_STATE_HOME'] = before;
    await network[Symbol.asyncDispose]();
  };
  try {
    const server = await network.boot('server', { keeps: PACKAGE_ROOT, ...options.server });
    const leafa = await network.boot('leafa', options.leafa);
    const leafb = await network.boot('leafb', options.leafb);
    const machines = { server, leafa, leafb };
    const box = isBetween ? await network.boot('box') : null;
    // A kernel with IPv6 asks for routers on each port for ever, more and more seldom (RFC 7559): a switch does not.
    await box?.inside('sh', '-c', 'echo 1 >/proc/sys/net/ipv6/conf/default/disable_ipv6');
    const file = join(PACKAGE_ROOT, `topologies/bindings/${LOCAL}.yaml`);
    const plan = planMachines(await loadBinding(file, DEFAULTS.dataPlanes), file);
    for (const [a, b] of plan.cables) {
      const [near, far] = [machines[a.machine as MachineName], machines[b.machine as MachineName]];
      if (box === null || far !== leafb) await cable(near, a.port, far, b.port);
      else {
        await cable(near, a.port, box, TO_HOST);
        await cable(box, TO_LEAF, far, b.port);
      }
    }
    const between = async (rules: string): Promise<void> => {
      if (box === null) throw new Error('there is nothing between host and leafb');
      const chain = (from: string, to: string, what: string): string =>
        `chain ${from} { type filter hook ingress device "${from}" priority 0; ${what} fwd to "${to}"; }`;
      const copying = isMirrored ? `dup to "${COPIES}"; ` : '';
      const chains = [chain(TO_HOST, TO_LEAF, copying + rules), chain(TO_LEAF, TO_HOST, '')];
      const text = `table netdev box\ndelete table netdev box\ntable netdev box {\n${chains.join('\n')}\n}`;
      await box.inside('nft', text);
    };
    const cap = isMirrored && box !== null ? await network.boot('cap') : null;
    if (cap !== null && box !== null) {
      await cable(box, COPIES, leafb, COPIES);
      await cable(leafb, 'span', cap, 'cap0');
      await cable(leafb, 'cpu', leafb, 'cpu0');
      // Kernels say nothing on a link that they do not use, as switches say nothing on a mirror port.
      for (const port of ['span', 'cpu', 'cpu0'])
        await leafb.inside('sh', '-c', `echo 1 >/proc/sys/net/ipv6/conf/${port}/disable_ipv6`);
    }
    if (box !== null) await between('');
    const copies = async (rules: string, more = ''): Promise<void> => {
      const chain = `chain c { type filter hook ingress device "${COPIES}" priority 0; ${rules} }`;
      await leafb.inside(
        'nft',
        `table netdev asic\ndelete table netdev asic\ntable netdev asic {\n${more}\n${chain}\n}`,
      );
    };
    const folder = join(network.folder, 'bindings');
    await mkdir(join(folder, LOCAL), { recursive: true });
    await copyFile(network.keyFile, join(folder, LOCAL, 'id'));
    const others = [box, cap].flatMap((one) => (one === null ? [] : [`${one.knownAs} ${one.hostKey}\n`]));
    await writeFile(
      join(folder, LOCAL, 'known_hosts'),
      knownHosts(plan, new Map(Object.entries(machines))) + others.join(''),
    );
    const shipped = await localBindingText();
    const change = async (name: string, edit: (text: string) => string): Promise<string> => {
      const file = join(folder, `${name}.yaml`);
      await writeFile(file, edit(shipped));
      return file;
    };
    return {
      binding: await change(LOCAL, (text) => text),
      machines,
      change,
      box,
      between,
      copies,
      state: join(network.folder, `state/everyleaf/${LOCAL}`),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
