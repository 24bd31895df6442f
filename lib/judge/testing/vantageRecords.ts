import type { CanaryRecord, VantageRecord } from '../../evidence/types.js';

export const canary = (kind: CanaryRecord['kind'], change: Partial<CanaryRecord> = {}): CanaryRecord => ({
  kind,
  form: 'untagged',
  copies: 1,
  altered: [],
  ...change,
});

/** A leaf's port that shows all that it was sent, as it was sent. */
export const PERFECT: VantageRecord = {
  kind: 'port',
  at: 'leafb swp1',
  without: [],
  canaries: [
    canary('arp-request-broadcast'),
    canary('ns-multicast'),
    canary('ns-multicast', { form: 'tagged' }),
    canary('data-udp'),
  ],
  showsSent: false,
  ladder: [{ perSecond: 2_000, frames: 200, seen: 200 }],
  counted: null,
};

/** The same, with something else of every canary. */
export const eachCanary = (change: Partial<CanaryRecord>): VantageRecord => ({
  ...PERFECT,
  canaries: PERFECT.canaries.map((one) => ({ ...one, ...change })),
});
