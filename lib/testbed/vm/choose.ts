import type { VersionFact } from '../../dataplane/machine.js';
import type { KernelChoice } from '../../registries.js';
import { shellCommand } from '../../shellQuote.js';
import { buildGuest } from '../../vm/buildGuest.js';
import { hardwareFor } from '../../vm/hardware.js';
import { openPool } from '../../vm/pool.js';
import { asUnavailable } from '../../vm/unavailable.js';
import type { Need } from '../testbed.js';
import { guestTiming, USUAL_FACTOR } from './timing.js';

/** Told to a person while a guest is built, which takes minutes the first time. */
const say = (line: string) => void process.stderr.write(`${line}\n`);

/**
 * Builds the guest of a run, and restores it once: what it says of itself goes into the environment of the run. Throws
 * UserError where it cannot be had.
 */
export function chooseGuest(
  wanted: string,
  versions: readonly VersionFact[],
  modules?: readonly string[],
  needs?: readonly Need[],
): Promise<KernelChoice> {
  return asUnavailable(async () => {
    const { guest, snapshot, kernel, image } = await buildGuest(
      { kernel: wanted, modules, hardware: hardwareFor(needs) },
      say,
    );
    await using pool = openPool(guest, snapshot, 1);
    await using live = await pool.take();
    const { command } = guestTiming(USUAL_FACTOR);
    const environment: Record<string, string> = {
      kernel: `Linux ${guest.release}, in a guest${image === null ? '' : `; ${kernel}, of ${image}`}`,
      cores: '1',
      user: 'root',
      // Its NICs are a model of QEMU's, and not the same in each.
      ...(guest.hardware.devices.length === 0 ? {} : { qemu: guest.qemu.version }),
    };
    for (const { name, argv } of versions) {
      const { code, output } = await live.shell.run(`${shellCommand(argv)} | head -n 1`, command);
      environment[name] = code !== 0 || / not found$/m.test(output) ? 'not found' : output.trim() || 'silent';
    }
    return { kernel, environment };
  });
}
