import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { TestbedError } from '../testbed/error.js';
import { until } from '../until.js';
import { bootGuest, lastWordsOf, serialEnd } from './boot.js';
import { cachedPart } from './cache.js';
import type { Guest } from './guestPart.js';
import { openGuestShell } from './guestShell.js';
import type { Hardware } from './hardware.js';
import { AGENT_LISTENS } from './init.js';
import { LAB_MODULES } from './moduleList.js';
import type { Progress } from './progress.js';
import { guestFiles, machineOf } from './qemu.js';
import { openQmp } from './qmp.js';
import { MEMORY, restoreGuest } from './restore.js';
import { openScratch } from './scratch.js';

/** Open vSwitch 3.1 that is started before this time of a guest's clock configures no thread for upcalls. */
const UPTIME_S = 11;
/** Between two looks of the guest's shell at what gives it no event, s. */
const LOOK_S = 0.2;
/** Loading some forty modules takes seconds where the CPU is emulated. */
const PREPARE_MS = 120_000;
/** Some 100 MB to a local disk. */
const SAVE_MS = 120_000;
/** Bytes a second: no limit. */
const BANDWIDTH = 2 ** 34;
/** A snapshot that answers nothing has been seen, once, for no known reason: one more is made, not two. */
const TRIES = 2;

const prepareOf = ({ modules, prepare }: Hardware): string =>
  [
    ...[...LAB_MODULES, ...modules].flatMap((group) => group.modules.map((module) => `modprobe -q ${module}`)),
    `while [ "$(cut -d. -f1 /proc/uptime)" -lt ${UPTIME_S} ]; do sleep ${LOOK_S}; done`,
    `until [ -s ${AGENT_LISTENS} ]; do sleep ${LOOK_S}; done; cat ${AGENT_LISTENS}`,
    ...prepare,
    'echo prepared',
  ].join('\n');

async function save(guest: Guest, folder: string, scratch: string): Promise<void> {
  const files = guestFiles(scratch);
  const machine = await bootGuest(guest, files);
  try {
    {
      using shell = await openGuestShell(files.shell, () => lastWordsOf(machine, files));
      const { output } = await shell.run(prepareOf(guest.hardware), PREPARE_MS);
      if (!output.endsWith('listening\nprepared\n'))
        throw new TestbedError(`a guest could not be prepared: ${output.trim()}`);
    }
    using qmp = await openQmp(files.qmp);
    await qmp.ask('stop');
    await qmp.ask('migrate-set-parameters', { 'max-bandwidth': BANDWIDTH });
    const path = join(folder, MEMORY).replaceAll("'", "'\\''");
    await qmp.ask('migrate', { uri: `exec:cat > '${path}'` });
    await until(
      'the snapshot to be written',
      SAVE_MS,
      async () => {
        const { status } = (await qmp.ask('query-migrate')) as { status?: string };
        if (status === 'failed') throw new TestbedError('QEMU could not write the snapshot; is the disk full?');
        return status === 'completed' ? true : null;
      },
      () => serialEnd(files),
    );
  } finally {
    machine.kill();
    await machine.ended;
  }
}

/** Throws TestbedError where a guest that was restored from it does not answer, or answers as another kernel. */
async function prove(guest: Guest, folder: string, scratch: string): Promise<void> {
  await using live = await restoreGuest(guest, folder, scratch);
  const { output } = await live.shell.run('uname -r', PREPARE_MS);
  if (output.trim() !== guest.release)
    throw new TestbedError(`a restored guest says that its kernel is ${output.trim()}`);
}

/** The folder with a guest's memory, proved by one restored command, or made anew. Throws TestbedError. */
export async function snapshotPart(guest: Guest, say: Progress): Promise<string> {
  const ingredients = {
    guest: guest.folder,
    programs: guest.programs,
    qemu: guest.qemu.version,
    machine: machineOf(guest),
    prepare: prepareOf(guest.hardware),
  };
  return cachedPart(
    'snapshot',
    { release: guest.release, ...ingredients },
    async (building) => {
      await using scratch = await openScratch();
      const own = (name: string) => {
        const folder = join(scratch.folder, name);
        mkdirSync(folder);
        return folder;
      };
      for (let attempt = 1; ; attempt++) {
        say(`booting kernel ${guest.release} for its snapshot`);
        await save(guest, building, own(`save-${attempt}`));
        try {
          await prove(guest, building, own(`prove-${attempt}`));
          return;
        } catch (error) {
          if (attempt === TRIES) throw error;
          say(`the snapshot does not answer (${error instanceof Error ? error.message : String(error)}); once more`);
        }
      }
    },
    () => say(`another process is making the snapshot of kernel ${guest.release}; waiting for it`),
  );
}
