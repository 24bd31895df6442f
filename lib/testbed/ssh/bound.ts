import { loadBinding } from '../../binding/load.js';
import type { PlaneRules } from '../../topology/planeRules.js';
import { UserError } from '../../userError.js';
import type { Testbed } from '../testbed.js';
import { openSshTestbed } from './testbed.js';

/** The testbed on the machines of a binding file. Throws UserError without one. */
export async function bindSshTestbed(binding: string | null, planes: readonly PlaneRules[]): Promise<Testbed> {
  if (binding === null)
    throw new UserError(
      'the testbed ssh needs a binding: which machines the names of a topology stand for',
      'add --binding FILE, for instance topologies/bindings/two-linux-leaves-local.yaml',
    );
  return openSshTestbed(await loadBinding(binding, planes), binding);
}
