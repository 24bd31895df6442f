import type { AuditFact } from '../../evidence/types.js';
import type { Attached } from './attach.js';
import type { Variant } from './traits.js';

/** What `ip -j -d link show type macvlan` says of one (ip-link(8)). */
interface Shown {
  readonly ifname: string;
  readonly link?: string;
  readonly address: string;
  readonly flags: readonly string[];
  readonly linkinfo?: { readonly info_data?: { readonly mode?: string } };
}

/** P15: the macvlan of each VM is as the lab made it. `text` is '' where nothing was said. */
export function macvlanFacts(text: string, attached: readonly Attached[], variant: Variant): readonly AuditFact[] {
  const shown = text.trim() === '' ? [] : (JSON.parse(text) as readonly Partial<Shown>[]);
  return attached.map(({ vm, mac, macvlan, below }) => {
    // ip(8) writes an empty object for each link of another type.
    const found = shown.find(({ ifname }) => ifname === macvlan);
    const mode = found?.linkinfo?.info_data?.mode ?? 'none';
    const wrong =
      found === undefined
        ? ['it is not there']
        : [
            ...(mode === variant ? [] : [`its mode is ${mode}`]),
            ...(found.link === below ? [] : [`it lies on ${found.link ?? 'nothing'}`]),
            ...(found.address === mac.toLowerCase() ? [] : [`its address is ${found.address ?? 'none'}`]),
            ...(found.flags?.includes('UP') === true ? [] : ['it is down']),
            ...(found.flags?.includes('ALLMULTI') === true ? [] : ['it hears only groups that the host has joined']),
          ];
    return {
      name: `macvlan of ${vm}`,
      ok: wrong.length === 0,
      value: wrong.length === 0 ? `${mode}, on ${below}` : wrong.join(', '),
      command: `ip -j -d link show dev ${macvlan}`,
    };
  });
}
