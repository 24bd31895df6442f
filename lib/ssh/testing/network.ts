import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enterNetworkNamespace } from '../../agent/sys.js';
import { makeKey, must } from '../local/must.js';
import { bootTestMachine, type MachineOptions, type TestMachine } from './machine.js';

/**
 * A network of its own, which this thread has moved into: sockets that it opens and programs that it starts are on the
 * machine "client" there. Needs root. All of it is gone when it is disposed of, or when this process ends.
 */
export interface TestNetwork extends AsyncDisposable {
  /** The user's key, which every machine accepts. */
  readonly keyFile: string;
  readonly folder: string;
  /** Boots a machine with a link to the client, or to the machine that it is behind. */
  boot(name: string, options?: MachineOptions): Promise<TestMachine>;
}

export async function openTestNetwork(): Promise<TestNetwork> {
  const folder = await mkdtemp(join(tmpdir(), 'everyleaf-ssh-'));
  await chmod(folder, 0o711);
  const own = openSync('/proc/thread-self/ns/net', 'r');
  const keeper = spawn('setpriv', ['--pdeathsig', 'KILL', 'unshare', '--net', 'sh', '-c', 'echo up; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(keeper.stdout, 'data');
  const client = openSync(`/proc/${keeper.pid}/ns/net`, 'r');
  enterNetworkNamespace(client);
  const machines: TestMachine[] = [];
  let links = 0;
  try {
    await must('ip', 'link', 'set', 'lo', 'up');
    const keyFile = await makeKey(join(folder, 'id'));
    return {
      keyFile,
      folder,
      async boot(name, options = {}) {
        const machine = await bootTestMachine({ name, folder: join(folder, name), keyFile, link: ++links, options });
        machines.push(machine);
        return machine;
      },
      async [Symbol.asyncDispose]() {
        enterNetworkNamespace(own);
        for (const machine of machines) machine.kill();
        keeper.kill('SIGKILL');
        for (const fd of [own, client]) closeSync(fd);
        await rm(folder, { recursive: true, force: true });
      },
    };
  } catch (error) {
    enterNetworkNamespace(own);
    keeper.kill('SIGKILL');
    throw error;
  }
}
