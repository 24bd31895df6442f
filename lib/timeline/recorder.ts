import type { Plane } from '../dataplane/plane.js';
import type { TimelineEvent } from '../evidence/types.js';
import type { Lab } from '../testbed/lab.js';
import { watchCarriers } from './carrierMonitor.js';
import { watchMembers } from './memberMonitor.js';

/** Watches until it is disposed of. */
export interface StateRecorder extends AsyncDisposable {
  /** Polls the bond's members now; when this resolves, each change until then has its event. */
  look(): Promise<void>;
}

/**
 * Records what the machines of a lab report of their links, their bond and their LACP partners, until it is disposed
 * of.
 */
export async function recordStates(
  lab: Lab,
  plane: Plane,
  onEvent: (event: TimelineEvent) => void,
): Promise<StateRecorder> {
  const [carriers, members] = await Promise.all([watchCarriers(lab, onEvent), watchMembers(lab, plane, onEvent)]);
  return {
    look: () => members.look(),
    async [Symbol.asyncDispose]() {
      await Promise.all([...carriers.map((one) => one.stop('SIGKILL')), members[Symbol.asyncDispose]()]);
    },
  };
}
