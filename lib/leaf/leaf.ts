/** What the host asks of its leaves. */
export interface LeafOptions {
  /** Their ports to the host speak LACP, as one partner. */
  readonly lacp: boolean;
}

/** An LACP system ID of one leaf only. Locally administered, and not that of any topology. */
export const FOREIGN_SYSTEM = '02:00:00:ff:ff:fe';
