import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PACKAGE_ROOT } from '../../packageRoot.js';
import { UserError } from '../../userError.js';
import { bootMachine, cable, type LocalMachine } from './machine.js';
import { makeKey, must } from './must.js';
import { prepareOpenSsh } from './openssh.js';
import type { LocalPlan, PlannedMachine } from './plan.js';
import { clearDead, openMachineFiles } from './record.js';

/** Machines of a binding that stand here until they are disposed of, or this process ends. */
export interface LocalMachines extends AsyncDisposable {
  /** By name. */
  readonly machines: ReadonlyMap<string, LocalMachine>;
  /** Rejects when the server of one has ended. */
  readonly lost: Promise<never>;
}

const addresses = z.array(
  z.object({ ifname: z.string(), addr_info: z.array(z.object({ local: z.string().optional() })) }),
);

async function requireFreeAddresses(
  { machines }: LocalPlan,
  living: readonly { readonly pid: number }[],
): Promise<void> {
  const here = addresses.parse(JSON.parse(await must('ip', '-j', '-4', 'addr', 'show')));
  const link = (address: string) => address.replace(/\d+$/, (last) => String(Number(last) & ~3));
  for (const { ifname, addr_info } of here)
    for (const { local = '' } of addr_info) {
      const found = machines.find(({ far }) => link(far) === link(local));
      if (found === undefined) continue;
      const [one] = living;
      throw new UserError(
        `the addresses of ${found.name} are in use on this machine: ${ifname} has ${local}`,
        one === undefined
          ? 'take it away, or use a binding with other addresses'
          : `process ${one.pid} has brought up machines; Ctrl-C there takes them down`,
        69,
      );
    }
}

function requireNoFiles(files: readonly string[]): void {
  for (const file of files)
    if (existsSync(file))
      throw new UserError(`${file} is there already, and was not made by "up --ssh"`, 'move it away, or remove it');
}

/** As this machine calls the link to the machine of that number, from 1. */
const portTo = (number: number): string => `everyleaf-ssh${number}`;

/**
 * Brings up the machines of a binding as namespaces of this machine, each with a real sshd, cabled as the binding says, and
 * puts a key and their host keys where it says. What such a call left when its process was killed is removed first.
 *
 * @param abort ends it early; what was begun is taken back
 * @throws UserError when this machine refuses, or lacks something; nothing is left then.
 */
export async function bringUpMachines(plan: LocalPlan, abort: AbortSignal): Promise<LocalMachines> {
  if (process.getuid?.() !== 0)
    throw new UserError('machines with a server of ssh need root', 'run it as root, for instance by sudo', 69);
  const living = clearDead();
  await requireFreeAddresses(plan, living);
  const outside = [plan.identityFile, plan.knownHostsFile];
  requireNoFiles(outside);
  const files = openMachineFiles();
  const machines = new Map<string, LocalMachine>();
  let isClosing = false;
  const close = async (): Promise<void> => {
    isClosing = true;
    for (const machine of machines.values()) machine.kill();
    for (const machine of machines.values()) await machine.ended;
    // The kernel removes links of a network that has ended, but when it likes.
    for (const number of machines.size === 0 ? [] : plan.machines.keys())
      await must('ip', 'link', 'del', portTo(number + 1)).catch(() => undefined);
    files.remove();
  };
  try {
    const key = await makeKey(join(files.folder, 'id'));
    const publicKey = await readFile(`${key}.pub`, 'utf8');
    for (const [i, planned] of plan.machines.entries()) {
      abort.throwIfAborted();
      machines.set(planned.name, await bootPlanned(planned, i + 1, files.folder, publicKey));
    }
    for (const [a, b] of plan.cables) {
      const [near, far] = [machines.get(a.machine), machines.get(b.machine)];
      if (near !== undefined && far !== undefined) await cable(near, a.port, far, b.port);
    }
    abort.throwIfAborted();
    files.announce(outside);
    await copyFile(key, plan.identityFile);
    await writeFile(plan.knownHostsFile, knownHosts(plan, machines), { flag: 'wx' });
  } catch (error) {
    await close();
    if (abort.aborted) throw new UserError('interrupted; what was begun has been taken back', null, 130);
    throw error;
  }
  const lost = Promise.race(
    [...machines.values()].map(async ({ name, ended, log }) => {
      await ended;
      if (isClosing) return new Promise<never>(() => undefined);
      throw new UserError(`the server of ${name} has ended: ${log().trim().split('\n').at(-1) ?? ''}`, null, 69);
    }),
  );
  lost.catch(() => undefined); // whoever waits for it hears of it
  return { machines, lost, [Symbol.asyncDispose]: close };
}

function bootPlanned(
  { name, near, far, port, user, sudo }: PlannedMachine,
  number: number,
  folder: string,
  publicKey: string,
): Promise<LocalMachine> {
  return bootMachine({
    name,
    folder: join(folder, `machine${number}`),
    users: { other: user === 'root' ? null : user, sudo, publicKey },
    way: { port: portTo(number), near, far, behind: null },
    prepareServer: (at) => prepareOpenSsh(at, { port }),
    // A replicator of the binding may be a program of this checkout.
    keeps: PACKAGE_ROOT,
  });
}

/** Lines of known_hosts, in the order of the plan. */
export function knownHosts(
  { machines }: Pick<LocalPlan, 'machines'>,
  keys: ReadonlyMap<string, Pick<LocalMachine, 'hostKey'>>,
): string {
  return machines
    .map(({ name, far, port }) => `${port === 22 ? far : `[${far}]:${port}`} ${keys.get(name)?.hostKey ?? ''}\n`)
    .join('');
}
