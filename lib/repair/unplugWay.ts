import type { Binding } from '../binding/schema.js';
import { saysOther } from './saysOther.js';

type Unplug = NonNullable<NonNullable<Binding['leaves'][string]['faults']>['unplug']>;

/** How a machine that is no end of a leg takes the leg's carrier away: commands of that machine. */
export interface UnplugWay {
  readonly machine: string;
  readonly port: string;
  readonly shut: readonly string[];
  readonly open: readonly string[];
  /** Prints the port's state. */
  readonly show: readonly string[];
  /** What it prints while the port is shut, and only then. */
  readonly shutSays: string;
}

const PORT = '{port}';

/**
 * The way that a binding gives for a leaf: its own commands, those of virsh(1) where it names a domain, or those of
 * iproute2 on a machine that runs Linux.
 *
 * @returns null where the leaf does it itself, or nothing says how
 */
export function unplugWay({ machines }: Pick<Binding, 'machines'>, unplug: Unplug | undefined): UnplugWay | null {
  const { by, port, domain, commands } = unplug ?? {};
  if (by === undefined || by === 'self' || port === undefined) return null;
  const at = { machine: by, port };
  if (commands !== undefined) {
    const put = (argv: readonly string[]) => argv.map((word) => word.replaceAll(PORT, port));
    const { shut, open, show, shutSays } = commands;
    return { ...at, shut: put(shut), open: put(open), show: put(show), shutSays: shutSays.replaceAll(PORT, port) };
  }
  if (domain !== undefined) {
    const set = (state: string) => ['virsh', 'domif-setlink', domain, port, state];
    const show = ['virsh', 'domif-getlink', domain, port];
    return { ...at, shut: set('down'), open: set('up'), show, shutSays: `${port} down` };
  }
  if (machines[by]?.os !== 'linux') return null;
  const set = (state: string) => ['ip', 'link', 'set', 'dev', port, state];
  return {
    ...at,
    shut: set('down'),
    open: set('up'),
    show: ['ip', '-o', 'link', 'show', 'dev', port],
    shutSays: 'state DOWN',
  };
}

/** Ways of all leaves. */
export function unplugWays(binding: Binding): readonly UnplugWay[] {
  return Object.values(binding.leaves).flatMap(({ faults }) => unplugWay(binding, faults?.unplug) ?? []);
}

/** Ends with 0 when the port is open again. */
export function openWitness({ show, shutSays }: UnplugWay): readonly string[] {
  return saysOther(show, shutSays);
}
