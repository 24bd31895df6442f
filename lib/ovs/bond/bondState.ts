/** What `ovs-appctl bond/show` says (ofproto/bond.c, bond_print_details). */
export interface BondState {
  readonly mode: string;
  /** `negotiated`, `configured`, or `off`. */
  readonly lacp: string;
  /** `true` if a bond whose partners are silent goes on as active-backup. */
  readonly lacpFallback: string;
  /** How long a member must have been up before it is used, and down before it is left: `0 ms`. */
  readonly upDelay: string;
  readonly downDelay: string;
  /** Host port of the active member of an active-backup bond; '' when there is none. */
  readonly active: string;
  readonly members: readonly { readonly port: string; readonly enabled: boolean }[];
}

/** Reads the text of `bond/show`; what is missing there stays empty. */
export function readBond(text: string): BondState {
  const value = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(text)?.[1]?.trim() ?? '';
  // "member up-a: enabled" (slave in releases before 2.16); a member's own lines are indented.
  const members = [...text.matchAll(/^(?:member|slave) (\S+): (enabled|disabled)/gm)].map((match) => ({
    port: match[1] ?? '',
    enabled: match[2] === 'enabled',
  }));
  // "active-backup primary: <none>", "active member mac: 02:..(up-a)"
  const active = /^active (?:member|slave) mac: [0-9a-f:]+\((\S+)\)/m.exec(text)?.[1] ?? '';
  return {
    mode: value('bond_mode'),
    lacp: value('lacp_status'),
    lacpFallback: value('lacp_fallback_ab'),
    upDelay: value('updelay'),
    downDelay: value('downdelay'),
    active,
    members,
  };
}
