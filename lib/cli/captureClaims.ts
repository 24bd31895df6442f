import type { Declared } from '../judge/captures/captureClaims.js';
import {
  CLAIMS,
  isClaim,
  isVantage,
  UNDECLARED,
  VANTAGE_NAMES,
  type ClaimName,
  type Vantage,
} from '../judge/vantage/vantages.js';
import { UserError } from '../userError.js';

export interface ClaimOptions {
  readonly vantage?: readonly string[] | undefined;
  readonly losses?: readonly string[] | undefined;
  readonly demand?: string | undefined;
}

/** What `--vantage`, `--losses` and `--demand` say. Throws UserError. */
export function declaredBy({ vantage = [], losses = [], demand }: ClaimOptions, leaves: readonly string[]): Declared {
  const vantages = new Map<string, Vantage>();
  const set = (leaf: string, said: Partial<Vantage>): void => {
    vantages.set(leaf, { ...(vantages.get(leaf) ?? UNDECLARED), ...said });
  };
  for (const text of vantage) {
    const [leaf, name] = ofLeaf('--vantage', text, leaves, 'leaf-b=trap');
    if (!isVantage(name)) throw new UserError(`unknown vantage "${name}"`, `there are: ${VANTAGE_NAMES.join(', ')}`);
    if ((vantages.get(leaf)?.name ?? name) !== name)
      throw new UserError(`${leaf} has two vantages: ${vantages.get(leaf)?.name ?? ''} and ${name}`);
    set(leaf, { name });
  }
  for (const text of losses) {
    const [leaf, count] = ofLeaf('--losses', text, leaves, 'leaf-b=0');
    if (!/^\d{1,15}$/.test(count)) throw new UserError(`--losses ${text}: "${count}" is not a number of frames`);
    set(leaf, { losses: Number(count) });
  }
  return { vantages, demanded: demand === undefined ? null : demandedBy(demand) };
}

function demandedBy(text: string): readonly ClaimName[] {
  const names = text.split(',').map((name) => name.trim());
  return [
    ...new Set(
      names.map((name) => {
        if (!isClaim(name)) throw new UserError(`unknown claim "${name}"`, `there are: ${CLAIMS.join(', ')}`);
        return name;
      }),
    ),
  ];
}

function ofLeaf(option: string, text: string, leaves: readonly string[], example: string): readonly [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw new UserError(`${option} ${text} names no leaf`, `write ${option} ${example}`);
  const leaf = text.slice(0, at);
  if (!leaves.includes(leaf))
    throw new UserError(`${option} ${text}: there is no leaf "${leaf}"`, `there are: ${leaves.join(', ')}`);
  return [leaf, text.slice(at + 1)];
}
