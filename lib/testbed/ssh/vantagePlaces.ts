import type { Binding } from '../../binding/schema.js';
import { VANTAGES, type VantageName } from '../../judge/vantage/vantages.js';
import { SshError } from '../../ssh/error.js';
import { UserError } from '../../userError.js';
import { lookAt, tryTools } from './facts.js';
import type { FarMachine } from './machine.js';

/** Where the frames of a leaf are captured, and what tells how many were lost on the way there. */
export interface VantagePlace {
  readonly leaf: string;
  readonly kind: VantageName;
  /** null: the leaf's own ports, which a lab takes. */
  readonly at: { readonly machine: string; readonly port: string } | null;
  /** `machine` is null where the capture is. */
  readonly losses: readonly { readonly machine: string | null; readonly argv: readonly string[] }[];
}

/** What nothing captures live. */
const FILES_ONLY: ReadonlySet<VantageName> = new Set(['erspan', 'erspan3', 'vendor-file', 'sflow']);

export function placesOf({ leaves, machines }: Binding): readonly VantagePlace[] {
  return Object.entries(leaves).map(([leaf, { machine, ports, vantage }]) => {
    const { kind, at, losses = [] } = vantage;
    const isOwn = at === undefined || (at.machine === machine && Object.values(ports).includes(at.port));
    return {
      leaf,
      kind,
      at: isOwn ? null : at,
      losses: losses.map((words) => {
        const [first = '', ...rest] = words;
        const isElsewhere = rest.length > 0 && machines[first] !== undefined;
        return isElsewhere ? { machine: first, argv: rest } : { machine: null, argv: words };
      }),
    };
  });
}

/** The machines that are logged in to for captures and for counters of losses. */
export function machinesOf(places: readonly VantagePlace[]): readonly string[] {
  const names = places.flatMap(({ at, losses }) => [at?.machine ?? null, ...losses.map(({ machine }) => machine)]);
  return [...new Set(names.filter((name) => name !== null))];
}

/** Throws UserError for places where this testbed cannot capture. */
export function requirePlaces(binding: Binding, file: string): void {
  const { host, leaves } = binding;
  const taken = new Map<string, string>();
  const ofLegs = new Set([
    ...Object.values(host.ports).map((port) => `${host.machine} ${port}`),
    ...Object.values(leaves).flatMap(({ machine, ports }) => Object.values(ports).map((port) => `${machine} ${port}`)),
  ]);
  for (const { leaf, kind, at } of placesOf(binding)) {
    if (FILES_ONLY.has(kind))
      throw new UserError(
        `${file}: ${leaf} is captured by ${VANTAGES[kind].title} (${kind}), and everyleaf takes no live captures of that`,
        'capture there and use "everyleaf judge"',
      );
    if (at === null) continue;
    const place = `${at.machine} ${at.port}`;
    if (kind === 'port')
      throw new UserError(
        `${file}: ${leaf} is captured at ${place}, which is no port of it`,
        'say what shows its frames there: kind tap, span, trap or mirror-cpu',
      );
    if (ofLegs.has(place))
      throw new UserError(
        `${file}: ${leaf} is captured at ${place}, which is the end of a leg`,
        'name the port to which its frames are copied',
      );
    if (Object.keys(leaves[leaf]?.ports ?? {}).length > 1)
      throw new UserError(
        `${file}: ${leaf} has several legs, and ${place} does not tell of which a frame came`,
        `leave out "at" for ${leaf}, or bind a topology in which it has one leg`,
      );
    const other = taken.get(place);
    if (other !== undefined)
      throw new UserError(
        `${file}: ${other} and ${leaf} are both captured at ${place}, which does not tell whose frames they are`,
        'give each leaf a port of its own',
      );
    taken.set(place, leaf);
  }
}

/**
 * Looks at the ports where leaves are captured elsewhere, and changes nothing. Throws SshError and UserError where a
 * capture cannot be taken.
 *
 * @param machines all that are logged in to
 * @param ways addresses to which our own ways lead
 */
export async function inspectPlaces(
  machines: readonly FarMachine[],
  places: readonly VantagePlace[],
  { ways, file }: { readonly ways: readonly string[]; readonly file: string },
): Promise<void> {
  const byMachine = machines.map((machine) => ({
    machine,
    ports: places.flatMap(({ at }) => (at?.machine === machine.name ? [at.port] : [])),
  }));
  await Promise.all(
    byMachine.map(async ({ machine, ports }) => {
      if (ports.length === 0) return;
      await tryTools(machine);
      const found = await lookAt(machine, ports, ways);
      for (const { name, mac, isOpen } of found.ports) {
        const hint = `correct "at" in ${file}`;
        if (mac === null) throw new UserError(`${machine.name}: it has no port ${name} to capture at`, hint);
        if (found.management.includes(name))
          throw new UserError(
            `${machine.name}: ${name} carries the way to this machine or to another one: a capture there would show itself`,
            hint,
          );
        if (!isOpen)
          throw new SshError(
            machine.name,
            `${name} is down: nothing can be captured there`,
            'set it up, and leave it so',
          );
      }
    }),
  );
}
