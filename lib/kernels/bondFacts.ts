import { z } from 'zod';
import type { AuditFact } from '../evidence/types.js';
import { DISTRIBUTING } from './wiring.js';
import { BOND, WORLD } from './world.js';

const BOND_SHOWN = z.array(
  z.object({
    linkinfo: z.object({ info_data: z.object({ mode: z.string(), broadcast_neighbor: z.boolean().optional() }) }),
  }),
);
const PORT_SHOWN = z.array(
  z.object({
    linkinfo: z.object({
      info_slave_data: z.object({
        mii_status: z.string(),
        ad_actor_oper_port_state: z.number(),
        ad_partner_oper_port_state: z.number(),
      }),
    }),
  }),
);

function shown<T>(schema: z.ZodType<readonly T[]>, text: string): T | null {
  try {
    return schema.parse(JSON.parse(text))[0] ?? null;
  } catch {
    return null;
  }
}

/** What the kernel says of the option: `absent` = it does not know it, `unread` = nothing could be read. */
export type OptionState = 'on' | 'off' | 'absent' | 'unread';

/** @param text of `ip -j -d link show` for the bond */
export function optionIn(text: string): OptionState {
  const data = shown(BOND_SHOWN, text)?.linkinfo.info_data;
  if (data === undefined) return 'unread';
  return data.broadcast_neighbor === undefined ? 'absent' : data.broadcast_neighbor ? 'on' : 'off';
}

/**
 * The facts without which a trial says nothing of the option: that it was as wanted, and that both ports distributed,
 * before and after. The number of ports of the aggregator is no such fact: it stays for seconds when one has left. Nor
 * is the state alone: of a port without a link Linux 6.17 and 6.18 still say 63.
 *
 * @param wanted states of the option that are right
 */
export function auditOf(sections: ReadonlyMap<string, string>, wanted: readonly OptionState[]): readonly AuditFact[] {
  return (['before', 'after'] as const).flatMap((when): AuditFact[] => {
    const option = optionIn(sections.get(`bond ${when}`) ?? '');
    return [
      {
        name: `broadcast_neighbor ${when}`,
        ok: wanted.includes(option),
        value: option,
        command: `ip -j -d link show ${BOND}`,
      },
      ...WORLD.legs.map(({ hostPort }): AuditFact => {
        const port = shown(PORT_SHOWN, sections.get(`port ${hostPort} ${when}`) ?? '')?.linkinfo.info_slave_data;
        return {
          name: `state of ${hostPort} ${when}`,
          ok:
            port?.mii_status === 'UP' &&
            port.ad_actor_oper_port_state === DISTRIBUTING &&
            port.ad_partner_oper_port_state === DISTRIBUTING,
          value:
            port === undefined
              ? 'unread'
              : `${port.mii_status === 'UP' ? '' : 'link down, '}${port.ad_actor_oper_port_state}/${port.ad_partner_oper_port_state}`,
          command: `ip -j -d link show ${hostPort}`,
        };
      }),
    ];
  });
}
