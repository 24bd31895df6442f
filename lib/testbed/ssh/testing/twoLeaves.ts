import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../../packageRoot.js';
import type { MachineOptions, TestMachine } from '../../../ssh/testing/machine.js';
import { must, openTestNetwork } from '../../../ssh/testing/network.js';

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
  /** Another binding beside it, with this text changed. */
  change(name: string, edit: (text: string) => string): Promise<string>;
}

export type MachineName = 'server' | 'leafa' | 'leafb';

const BINDINGS = join(PACKAGE_ROOT, 'topologies/bindings');
const NAME = 'two-linux-leaves-local';

/** Ports of the box between host and leafb. */
const TO_HOST = 'near';
const TO_LEAF = 'far';

async function cable(a: TestMachine, port: string, b: TestMachine, other: string): Promise<void> {
  const peer = ['peer', 'name', other, 'netns', String(b.pid)];
  await must('ip', 'link', 'add', 'name', port, 'netns', String(a.pid), 'type', 'veth', ...peer);
  await a.inside('ip', 'link', 'set', port, 'up');
  await b.inside('ip', 'link', 'set', other, 'up');
}

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
    await cable(server, 'eth1', leafa, 'swp1');
    const box = isBetween ? await network.boot('box') : null;
    if (box === null) await cable(server, 'eth2', leafb, 'swp1');
    else {
      await cable(server, 'eth2', box, TO_HOST);
      await cable(box, TO_LEAF, leafb, 'swp1');
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
    await mkdir(join(folder, NAME), { recursive: true });
    await copyFile(network.keyFile, join(folder, NAME, 'id'));
    const known = [server, leafa, leafb].map(({ knownAs, hostKey }) => `${knownAs} ${hostKey}\n`);
    await writeFile(join(folder, NAME, 'known_hosts'), known.join(''));
    const shipped = (await readFile(join(BINDINGS, `${NAME}.yaml`), 'utf8')).replaceAll(
      '../',
      (_, at: number, text: string) => (text.slice(0, at).endsWith('../') ? '../' : `${BINDINGS}/../`),
    );
    const change = async (name: string, edit: (text: string) => string): Promise<string> => {
      const file = join(folder, `${name}.yaml`);
      await writeFile(file, edit(shipped));
      return file;
    };
    return {
      binding: await change(NAME, (text) => text),
      machines,
      change,
      between,
      state: join(network.folder, `state/everyleaf/${NAME}`),
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
