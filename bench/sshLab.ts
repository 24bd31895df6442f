import type { Registries } from '../lib/registries.js';
import { testbedNamed } from '../lib/registries.js';
import type { Testbed } from '../lib/testbed/testbed.js';

/** Works on the machines of a binding, under their lease, and gives them back. */
export async function onBinding<T>(
  binding: string,
  registries: Registries,
  work: (testbed: Testbed) => Promise<T>,
): Promise<T> {
  const kind = testbedNamed('ssh', registries);
  const hold = await kind.hold?.({ binding, run: 'a measurement' });
  try {
    await using testbed = await kind.open({ binding, hold: hold?.pass });
    return await work(testbed);
  } finally {
    await hold?.end();
  }
}
