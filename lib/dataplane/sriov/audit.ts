import { z } from 'zod';
import type { AuditFact } from '../../evidence/types.js';
import type { Lab } from '../../testbed/lab.js';
import type { SriovNics } from '../../testbed/nics.js';
import type { Topology } from '../../topology/model.js';
import { sendersOf } from '../../topology/senders.js';
import { vlanInNic } from './wiring.js';

/** `ip -j link show dev PF`, as far as it is read. */
const SHOWN = z.array(
  z.object({
    vfinfo_list: z
      .array(
        z.object({
          vf: z.int(),
          address: z.string(),
          spoofchk: z.boolean(),
          vlan_list: z.array(z.object({ vlan: z.int().optional() })).optional(),
        }),
      )
      .default([]),
  }),
);

/** P15: each sender's function has its MAC and its VLAN, and may use no other MAC. */
export function vfFactsIn(topology: Topology, pf: string, shown: string): readonly AuditFact[] {
  const command = `ip -j link show dev ${pf}`;
  const parsed = SHOWN.safeParse(parse(shown));
  const vfs = parsed.success ? (parsed.data[0]?.vfinfo_list ?? []) : [];
  return sendersOf(topology).map((sender, n) => {
    const name = `VF ${n} of ${pf}, of ${sender.node}`;
    const vf = vfs.find((one) => one.vf === n);
    if (vf === undefined) return { name, ok: false, value: 'there is none', command };
    const vlan = vf.vlan_list?.[0]?.vlan ?? null;
    const ok = vf.address === sender.mac && vf.spoofchk && vlan === vlanInNic(topology, sender);
    const value = `${vf.address}, ${vlan === null ? 'no VLAN' : `VLAN ${vlan}`}, spoof checking ${vf.spoofchk ? 'on' : 'off'}`;
    return { name, ok, value, command };
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

export async function vfFacts(lab: Lab, { nics }: SriovNics): Promise<readonly AuditFact[]> {
  const node = lab.node(lab.topology.host.node);
  const shown = await Promise.all(
    nics.map(({ pf }) => node.exec(['ip', '-j', 'link', 'show', 'dev', pf], { mayFail: true })),
  );
  return nics.flatMap(({ pf }, nic) => vfFactsIn(lab.topology, pf, shown[nic]?.stdout ?? ''));
}
