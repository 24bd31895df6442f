import type { HostSwitch } from '../dataplane/types.js';
import type { TimelineEvent } from '../evidence/types.js';
import type { Lab } from '../testbed/types.js';
import { watchCarriers } from './carrierMonitor.js';
import { watchMembers } from './memberMonitor.js';

/** Records what the machines of a lab say of their links, their bond and their LACP partners, until it is disposed of. */
export async function recordStates(lab: Lab, host: HostSwitch, onEvent: (event: TimelineEvent) => void): Promise<AsyncDisposable> {
  const [carriers, members] = await Promise.all([watchCarriers(lab, onEvent), watchMembers(lab, host, onEvent)]);
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all([...carriers.map((one) => one.stop('SIGKILL')), members[Symbol.asyncDispose]()]);
    },
  };
}
