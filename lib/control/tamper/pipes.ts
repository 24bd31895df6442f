import { DURATIONS } from '../../durations.js';
import { patience } from '../../lab/patience.js';
import { need } from '../../testbed/capability.js';
import type { Change, CommandStep } from '../../testbed/change.js';
import { TestbedError } from '../../testbed/error.js';
import type { Lab } from '../../testbed/lab.js';
import type { Process } from '../../testbed/node.js';
import { MARK } from './hooks.js';
import { laid, redirected, removed, type OwnLink } from '../../lab/ownLink.js';
import type { ACTIONS } from './relay/actions.js';

/** Longer than any scenario. */
const LONGEST_MS = 600_000;

/** Where frames go that must not leave unchanged; pipes are told apart by their number. */
export const pipe = (index: number): OwnLink => ({ near: `tamper${index}`, far: `tampered${index}` });

/** What goes into the pipe comes in at a port of the host, as if it came from that port's wire. */
export function returnPipe(name: string, node: string, port: string, index: number): Change {
  const own = pipe(index);
  return {
    name,
    steps: [laid(node, own), ...redirected(node, own, port)],
    undo: [removed(node, own)],
    maxMs: LONGEST_MS,
  };
}

/** Whether the kernel can do that, tried on a separate link, from one end to the other. */
export function returnTries(node: string): readonly CommandStep[] {
  const own: OwnLink = { near: 'tampertry', far: 'tampertried' };
  return [laid(node, own), ...redirected(node, own, own.near), { ...removed(node, own), mayFail: false }];
}

/** The program, below the built `lib`, and the line that it prints once it runs. */
export const RELAY = 'control/tamper/relay/relay.js';
export const RELAYING = /^relaying$/;

export interface RelayOptions {
  readonly action: keyof typeof ACTIONS;
  readonly ms?: number;
  /** Where it runs, and its port out of which it sends. */
  readonly node: string;
  readonly to: string;
}

/**
 * The relay program takes what goes into the pipe, and sends its result past every hook of a tamper.
 */
export function relayPipe(
  name: string,
  lab: Lab,
  index: number,
  { action, ms = 0, node: on, to }: RelayOptions,
): Change {
  const own = pipe(index);
  const node = lab.node(on);
  let running: Process | null = null;
  return {
    name,
    steps: [
      laid(node.name, own),
      {
        what: `the relay to ${to} to run`,
        async run() {
          const program = need(await node.deploy(RELAY));
          const started = await node.spawn([...program, own.far, to, String(MARK), action, String(ms)]);
          running = started;
          if ((await started.line(RELAYING, patience(node, DURATIONS.replicatorReady))) !== null) return;
          throw new TestbedError(
            `the relay to ${to} did not start: ${started.hasEnded()?.lastOutput.trim() ?? 'no word from it'}`,
          );
        },
      },
    ],
    undo: [{ what: `the relay to ${to} to end`, run: async () => running?.stop('SIGKILL') }, removed(node.name, own)],
    maxMs: LONGEST_MS,
  };
}
