/** A leg of the bond, as the bond tells it by LACP. */
export interface LacpLeg {
  /** DPDK's number of its port. */
  readonly port: number;
  readonly isSelected: boolean;
  /** Names of the flags that it last sent (IEEE 802.1AX 6.4.2.3): `DISTRIBUTING` and the like. */
  readonly actor: readonly string[];
  /** LACP system ID that it received. */
  readonly partnerSystem: string;
}

/** A bond of DPDK. */
export interface BondConfig {
  readonly mode: number | null;
  /** As it is called there: `BALANCE_XMIT_POLICY_LAYER34`; '' in modes that do not hash. */
  readonly policy: string;
  /** Numbers of ports. */
  readonly members: readonly number[];
  readonly active: readonly number[];
  readonly primary: number | null;
}

function valueIn(lines: readonly string[], name: string): string {
  const line = lines.find((one) => one.trim().startsWith(`${name}: `));
  return line?.slice(line.indexOf(': ') + 2).trim() ?? '';
}

const numbersIn = (text: string): readonly number[] => (text.match(/\d+/g) ?? []).map(Number);

/** Reads what `show bonding config PORT` prints (app/test-pmd/cmdline.c). */
export function readConfig(lines: readonly string[]): BondConfig {
  const listed = (what: RegExp) =>
    numbersIn(what.exec(lines.find((line) => what.test(line.trim()))?.trim() ?? '')?.[1] ?? '');
  const [mode] = numbersIn(valueIn(lines, 'Bonding mode'));
  const [primary] = numbersIn(valueIn(lines, 'Primary'));
  return {
    mode: mode ?? null,
    policy: valueIn(lines, 'Balance Xmit Policy'),
    members: listed(/^Slaves \(\d+\): \[([\d ]*)\]/),
    active: listed(/^Active Slaves \(\d+\): \[([\d ]*)\]/),
    primary: primary ?? null,
  };
}

/** Reads what `show bonding lacp info PORT` prints. */
export function readLacp(lines: readonly string[]): readonly LacpLeg[] {
  const starts = lines.flatMap((line, at) => (line.trim().startsWith('Slave Port: ') ? [at] : []));
  return starts.map((start, index) => {
    const own = lines.slice(start, starts[index + 1]);
    const partner = own.slice(own.findIndex((line) => line.includes('Partner detail info')));
    return {
      port: Number(valueIn(own, 'Slave Port')),
      isSelected: valueIn(own, 'selection') === 'SELECTED',
      // The first is the actor's.
      actor: valueIn(own, 'port state')
        .split(' ')
        .filter((flag) => flag !== ''),
      partnerSystem: valueIn(partner, 'system mac address').toLowerCase(),
    };
  });
}

/** Whether the bond sends on a leg, as far as LACP decides it. */
export function carries({ isSelected, actor }: LacpLeg): boolean {
  return (
    isSelected &&
    ['SYNCHRONIZATION', 'COLLECTING', 'DISTRIBUTING'].every((flag) => actor.includes(flag)) &&
    !actor.includes('EXPIRED')
  );
}

/** State of its receive machine (IEEE 802.1AX 6.4.12), as far as its flags tell it. */
export function lacpOf({ actor }: Pick<LacpLeg, 'actor'>): 'current' | 'expired' | 'defaulted' {
  if (actor.includes('EXPIRED')) return 'expired';
  return actor.includes('DEFAULTED') ? 'defaulted' : 'current';
}
