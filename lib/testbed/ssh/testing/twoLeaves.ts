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
  /** Another binding beside it, with this text changed. */
  change(name: string, edit: (text: string) => string): Promise<string>;
}

export type MachineName = 'server' | 'leafa' | 'leafb';

/** Ports of the box between host and leafb. */
const TO_HOST = 'near';
const TO_LEAF = 'far';

/**
 * In the order in which their addresses stand in the binding.
 *
 * @param isBetween something stands between host and leafb that nobody knows of
 */
export async function bringUpTwoLeaves(
  options: Partial<Record<MachineName, MachineOptions>> = {},
  isBetween = false,
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
    const server = await network.boot('server', options.server);
    const leafa = await network.boot('leafa', options.leafa);
    const leafb = await network.boot('leafb', options.leafb);
    const machines = { server, leafa, leafb };
    const box = isBetween ? await network.boot('box') : null;
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
      const chains = [chain(TO_HOST, TO_LEAF, rules), chain(TO_LEAF, TO_HOST, '')];
      const text = `table netdev box\ndelete table netdev box\ntable netdev box {\n${chains.join('\n')}\n}`;
      await box.inside('nft', text);
    };
    if (box !== null) await between('');
    const folder = join(network.folder, 'bindings');
    await mkdir(join(folder, LOCAL), { recursive: true });
    await copyFile(network.keyFile, join(folder, LOCAL, 'id'));
    await writeFile(
      join(folder, LOCAL, 'known_hosts'),
      knownHosts(plan, new Map(Object.entries(machines))) + (box === null ? '' : `${box.knownAs} ${box.hostKey}\n`),
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
      state: join(network.folder, `state/everyleaf/${LOCAL}`),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
