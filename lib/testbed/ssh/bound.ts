import { loadBinding } from '../../binding/load.js';
import type { PlaneRules } from '../../topology/planeRules.js';
import { UserError } from '../../userError.js';
import type { Testbed } from '../testbed.js';
import { openSshTestbed } from './testbed.js';

/** Where the testbed is to be had. */
export interface SshChoice {
  /** The file of a binding; null without one. */
  readonly binding: string | null;
  /** Of the hold under which the machines are worked on. */
  readonly hold?: string | undefined;
}

/** The file of the binding that was chosen. Throws UserError without one. */
export function bindingOf({ binding }: Pick<SshChoice, 'binding'>): string {
  if (binding !== null) return binding;
  throw new UserError(
    'the testbed ssh needs a binding: which machines the names of a topology stand for',
    'add --binding FILE, for instance topologies/bindings/two-linux-leaves-local.yaml',
  );
}

/** The testbed on the machines of a binding file. Throws UserError without one, or without a hold on its machines. */
export async function bindSshTestbed(choice: SshChoice, planes: readonly PlaneRules[]): Promise<Testbed> {
  const file = bindingOf(choice);
  const bound = await loadBinding(file, planes);
  if (choice.hold === undefined)
    throw new UserError(
      `the machines of ${bound.binding.binding} are touched only by who holds their lease`,
      'everyleaf run --binding FILE takes it, and gives it back',
    );
  return openSshTestbed(bound, file, choice.hold);
}
