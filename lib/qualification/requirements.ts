import { z } from 'zod';
import type { Sort } from '../topology/source.js';
import { KINDS, type KindId } from '../wire/kinds.js';
import { parseFile, type Wrong } from './parse.js';
import { demandedDigest, PROFILE_NAMES } from './profiles.js';

const KIND_IDS = KINDS.map(({ id }) => id) as [KindId, ...KindId[]];
const texts = z.array(z.string().min(1)).min(1);

const requirementSchema = z.strictObject({
  id: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, { error: 'letters, digits, ".", "_" and "-"' }),
  text: z.string().min(1),
  /** Titles of scenarios, or `suite/` = all of a suite. */
  scenarios: texts,
  /** Data planes as reports call them, `ovs-bond/balance-tcp`; left out = all of the runs. */
  dataplanes: texts.optional(),
  /** Left out = all of the runs. */
  leaves: texts.optional(),
  /** Left out = the scenario as a whole. */
  kinds: z.array(z.enum(KIND_IDS)).min(1).optional(),
  /** By which it must have been judged: name of a built-in one, or `sha256:...` of its content. Left out = any. */
  profile: z.string().min(1).optional(),
});

/** What must have been shown, and by which scenarios. */
export type Requirement = z.infer<typeof requirementSchema>;

const schema = z.array(requirementSchema).min(1);
const SORT: Sort = {
  name: 'a list of requirements',
  example: 'docs/examples/qualification/requirements.yaml',
  levels: 'three',
};

/** Ids of the built-in requirements begin so. */
export const BUILT_IN = 'kind.';

/** Throws UserError, with line and column, where the text is no list of requirements. */
export function parseRequirements(text: string, fileName: string): readonly Requirement[] {
  return parseFile(text, fileName, {
    schema,
    sort: SORT,
    whole: 'the list of requirements',
    whenEmpty: null,
    more: (list) =>
      list.flatMap(({ id, profile }, i): Wrong[] => [
        ...(list.findIndex((other) => other.id === id) < i
          ? [{ path: [i, 'id'], said: `the id ${id} is there twice`, hint: 'give each requirement its own' }]
          : []),
        ...(id.startsWith(BUILT_IN)
          ? [{ path: [i, 'id'], said: `the id ${id} belongs to a built-in requirement`, hint: 'take another one' }]
          : []),
        ...(profile !== undefined && demandedDigest(profile) === null
          ? [
              {
                path: [i, 'profile'],
                said: `${profile} is no built-in profile, and no digest`,
                hint: `there are ${PROFILE_NAMES.join(', ')}; one of your own is named as sha256:..., which subject.json of a bundle has`,
              },
            ]
          : []),
      ]),
  });
}

/** Every neighbor kind that is due on every leaf, whatever a list of requirements leaves out. */
export const NEIGHBOR_KINDS: readonly KindId[] = KINDS.filter(
  // What no standard has a form for is sent by some scenarios only.
  ({ id, expected }) => expected === 'one-each' && id !== 'arp-other',
).map(({ id }) => id);
