import type { DataPlane } from '../dataplane/plane.js';
import { fitsPlane, named } from '../registries.js';
import type { Replicator } from '../replicator/types.js';
import { UserError } from '../userError.js';
import type { MatrixCell, PlaneColumn } from './types.js';

/** What to try in a matrix. */
export interface Wanted {
  /** Empty = all. */
  readonly planes: readonly string[];
  /** Variants; empty = all. */
  readonly modes: readonly string[];
}

export interface Columns {
  readonly columns: readonly PlaneColumn[];
  readonly leftOut: readonly string[];
}

/**
 * The columns: every data plane in every variant, or those that are named. Throws UserError where a name is not known,
 * or where a data plane is named that nothing here brings up.
 */
export function columnsOf(dataPlanes: readonly DataPlane[], { planes, modes }: Wanted): Columns {
  const chosen =
    planes.length === 0
      ? dataPlanes.filter(({ isAsFound }) => isAsFound !== true)
      : [...new Set(planes.map((kind) => named('data plane', kind, dataPlanes, (plane) => plane.kind)))];
  const asFound = chosen.find(({ isAsFound }) => isAsFound === true);
  if (asFound !== undefined)
    throw new UserError(
      `${asFound.kind} is what is there on the machines of a binding: a matrix cannot bring it up`,
      'leave it out, or run it alone with --binding FILE',
    );
  const known = chosen.flatMap(({ variants }) => variants);
  const wanted = modes.map((mode) => named('mode of these data planes', mode, known, (variant) => variant));
  const columns = chosen.flatMap(({ kind, variants }) =>
    variants
      .filter((variant) => wanted.length === 0 || wanted.includes(variant))
      .map((variant) => ({ plane: kind, variant })),
  );
  return {
    columns,
    leftOut:
      planes.length > 0
        ? []
        : dataPlanes
            .filter(({ isAsFound }) => isAsFound === true)
            .map(({ kind }) => `${kind}: what is there on the machines of a binding; run it alone with --binding FILE`),
  };
}

/** Why a replicator cannot be installed on a data plane; null where it can. */
export function unfit(
  { name, on, modes }: Pick<Replicator, 'name' | 'on' | 'modes'>,
  { plane, variant }: PlaneColumn,
  replicators: readonly Pick<Replicator, 'name' | 'on'>[],
): string | null {
  if (fitsPlane({ on }, plane))
    return modes === undefined || modes.includes(variant)
      ? null
      : `${name} is made for ${modes.join(', ')} of ${plane}, and not for ${variant}`;
  const takes = replicators.filter((one) => fitsPlane(one, plane)).map((one) => one.name);
  return `${name} is made for ${on === 'any' ? 'any' : on.join(', ')}; ${plane} takes ${takes.join(', ')}`;
}

/** A cell in which nothing was run. */
export function untried(
  pair: PlaneColumn & Pick<MatrixCell, 'replicator'>,
  state: MatrixCell['state'],
  sentence: string,
): MatrixCell {
  return {
    ...pair,
    state,
    sentence,
    tried: [],
    skipped: [],
    frames: { due: 0, delivered: 0 },
    controls: { tried: 0, noticed: 0 },
    misses: false,
    first: null,
    folder: null,
    report: null,
    command: null,
    topology: null,
    durationMs: 0,
  };
}
