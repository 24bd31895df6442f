/** What `ovs-appctl lacp/show` says of one member of a bond (lib/lacp.c, lacp_print_details). */
export interface LacpMember {
  readonly port: string;
  /** `current`, `expired` or `defaulted`. */
  readonly status: string;
  /** System id of the partner heard on this member; all zeros without a partner. */
  readonly partner: string;
}

/** Reads the text of `lacp/show BOND`; members that it does not mention are not there. */
export function readLacp(text: string): readonly LacpMember[] {
  const members: LacpMember[] = [];
  for (const part of text.split(/^(?=(?:member|slave): )/m).slice(1)) {
    // "member: up-a: current attached"; a member's own lines are indented.
    const head = /^(?:member|slave): (\S+): (\S+)/.exec(part);
    const partner = /^\s+partner sys_id: ([0-9a-f:]{17})/m.exec(part)?.[1];
    if (head?.[1] !== undefined && head[2] !== undefined)
      members.push({ port: head[1], status: head[2], partner: partner ?? '00:00:00:00:00:00' });
  }
  return members;
}
