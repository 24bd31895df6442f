import type { Signature } from '../../judge/types.js';
import { ovsGroup } from '../../profile/table/ovsGroup.js';
import type { Profile } from '../../profile/types.js';
import { reconcile } from '../../replicator/ovs/reconciler.js';
import { RIGHT, type RecipeOptions } from '../../replicator/ovs/recipe.js';
import { OVS_PLANES } from '../../ovs/ovsPlane.js';
import type { OvsMutant } from './types.js';

/** The right recipe with one thing wrong. */
export function ovsMutant(
  name: string,
  description: string,
  mustFind: readonly Signature[],
  wrong: Partial<RecipeOptions>,
  { profile = ovsGroup, on = OVS_PLANES }: { readonly profile?: Profile; readonly on?: readonly string[] } = {},
): OvsMutant {
  return {
    name,
    description,
    mustFind: mustFind,
    profile,
    on,
    install: ({ plane }) => reconcile(plane, { ...RIGHT, ...wrong }),
  };
}
