import { DURATIONS } from '../durations.js';
import { patience } from '../lab/patience.js';
import type { Node } from '../testbed/node.js';

/** Reads lines of `bridge monitor fdb`, and counts how often a MAC that was behind one port is found behind another. */
export function moveCounter(bridge: string): { readonly line: (text: string) => void; readonly count: () => number } {
  const ports = new Map<string, string>();
  let moves = 0;
  return {
    line(text) {
      // "[FDB]Deleted 02:00:00:00:01:0a dev vm1 master vmbr0", with "permanent" for the bridge's own MACs.
      const found = /(Deleted )?([0-9a-f]{2}(?::[0-9a-f]{2}){5}) dev (\S+)(.*)/.exec(text);
      const [, deleted, address = '', port = '', rest = ''] = found ?? [];
      // In each VLAN it is another's (iproute2 prints "vlan 20" before the master).
      const mac = `${address} ${/ vlan (\d+) /.exec(rest)?.[1] ?? ''}`;
      if (address === '' || !rest.includes(`master ${bridge}`) || rest.includes('permanent')) return;
      const before = ports.get(mac);
      if (deleted !== undefined) {
        if (before === port) ports.delete(mac);
        return;
      }
      if (before !== undefined && before !== port) moves++;
      ports.set(mac, port);
    },
    count: () => moves,
  };
}

/** An address of the bridge itself, for a moment: no sender has it. */
const MARK = '02:00:00:00:fe:ce';

/**
 * Counts moves from now on, until the lab is gone: a bridge itself does not count them. The count waits until the monitor
 * tells of a mark that was set last: a busy machine tells late of what has long happened. Null where that is not told in time.
 */
export async function countMoves(node: Node, bridge: string): Promise<(withinMs?: number) => Promise<number | null>> {
  const counter = moveCounter(bridge);
  const waiting: (() => void)[] = [];
  await node.spawn(['bridge', 'monitor', 'fdb'], {
    onLine(line) {
      counter.line(line);
      if (line.includes(`Deleted ${MARK}`)) waiting.shift()?.();
    },
  });
  const mark = ['replace', 'del'].map((verb) => `fdb ${verb} ${MARK} dev ${bridge} self local`).join('\n');
  // One after another: two would be told as one.
  let turn: Promise<unknown> = Promise.resolve();
  async function count(withinMs: number): Promise<number | null> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), withinMs);
    });
    const told = new Promise<'told'>((resolve) => waiting.push(() => resolve('told')));
    await node.exec(['bridge', '-batch', '-'], { input: mark });
    const how = await Promise.race([told, late]);
    clearTimeout(timer);
    return how === 'told' ? counter.count() : null;
  }
  return (withinMs = patience(node, DURATIONS.command)) => {
    const answer = turn.then(() => count(withinMs));
    turn = answer.catch(() => undefined);
    return answer;
  };
}
