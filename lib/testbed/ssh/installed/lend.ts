import { IS_REMOVED, removal, type SpareAddress } from '../../../repair/spareAddress.js';
import { armGuard, type Guard } from '../../../ssh/guard.js';
import { SshError } from '../../../ssh/error.js';
import type { CommandResult } from '../../node.js';
import type { FarMachine } from '../machine.js';
import type { LabRecords } from '../records.js';
import { FAR, FAR_TIMING } from '../timing.js';

/**
 * `$1` port, then addresses. Says which one the machine has already, or somebody answers for: it is not spare. Two tries
 * of one second, for each at the same time.
 */
const IS_SPARE = `
p=$1; shift
for a; do
  (
    ip -o addr show | grep -qF " $a/" && { echo "this machine has $a already"; exit 0; }
    ping -n -q -c 2 -W 1 -I "$p" "$a" >/dev/null 2>&1 && echo "somebody answers for $a"
  ) &
done
wait
`.trim();

/** `$1` port, `$2` seconds, then addresses with prefixes. The kernel itself forgets them if all else fails. */
const ADD = `
p=$1 s=$2; shift 2
for a; do
  case $a in *:*) n="nodad" ;; *) n= ;; esac
  ip addr add "$a" dev "$p" valid_lft "$s" preferred_lft "$s" $n || exit 1
done
`.trim();

/** Longer than any trial, seconds. */
const KERNEL_FORGETS = 600;

/** `$1` port, then addresses with prefixes. Ends with 0 when none is there. */
const REMOVE = `p=$1; shift; for a; do ip addr del "$a" dev "$p" 2>/dev/null; done; for a; do set -- "$a" "$p"; ${IS_REMOVED} || exit 1; done`;
const ARE_GONE = `p=$1; shift; for a; do set -- "$a" "$p"; ${IS_REMOVED} || exit 1; done`;

/** Addresses of nobody that are on a leaf's port for a while. */
export interface Loan {
  /** Guard and journal come before the first address. Throws SshError where one is not spare. */
  lend(): Promise<void>;
  /** Takes them away, or does nothing. */
  takeBack(): Promise<void>;
}

export function lendAddresses(
  far: FarMachine,
  spare: readonly SpareAddress[],
  what: string,
  { lease, journal, run: by }: LabRecords,
): Loan {
  const { name: machine, connection } = far;
  const port = spare[0]?.port ?? '';
  const cidrs = spare.map(({ cidr }) => cidr);
  let guard: Guard | null = null;
  let entry: string | null = null;
  let timer: NodeJS.Timeout | undefined;
  const shell = (script: string, ...args: readonly string[]): readonly string[] => [
    ...['sh', '-c', script, 'everyleaf'],
    ...args,
  ];
  const printed = ({ code, stdout, stderr }: CommandResult): string => {
    if (code !== 0) throw new SshError(machine, `${what} fails: ${stderr.trim() || `code ${code}`}`);
    return stdout.trim();
  };
  const command = async (argv: readonly string[]): Promise<string> => {
    await lease.step();
    return printed(await far.run({ argv, asRoot: true }, FAR_TIMING.command));
  };
  return {
    async lend() {
      const taken = await command(shell(IS_SPARE, port, ...spare.map(({ address }) => address)));
      if (taken !== '')
        throw new SshError(
          machine,
          `its spare addresses are not spare: ${taken.replaceAll('\n', ', ')}`,
          'give addresses that nobody has: gateway.spare in the binding',
        );
      const armed = await armGuard(connection, {
        undo: [{ argv: shell(REMOVE, port, ...cidrs) }],
        witness: shell(ARE_GONE, port, ...cidrs),
        seconds: FAR.guardSeconds,
        asRoot: true,
      });
      guard = armed;
      timer = setInterval(() => {
        if (lease.current()) armed.renew().catch(() => clearInterval(timer));
      }, FAR.renewal);
      const undo = spare.map((one) => [...removal(one)]);
      entry = journal.begin({ run: by, machine, what, undo, guard: armed.folder });
      await lease.step();
      printed(await armed.change(shell(ADD, port, String(KERNEL_FORGETS), ...cidrs)));
    },
    async takeBack() {
      clearInterval(timer);
      if (guard === null) return;
      // Without a lease nothing is touched: the guard takes them away by itself.
      await lease.step();
      await guard.disarm();
      if (entry !== null) journal.end(entry, 'undone');
      guard = null;
      entry = null;
    },
  };
}
