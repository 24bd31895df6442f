import { adminDown } from './adminDown.js';
import { deafen } from './deafen.js';
import { delay } from './delay.js';
import { flap } from './flap.js';
import { killReplicator } from './killReplicator.js';
import { lose } from './lose.js';
import { mute } from './mute.js';
import { rebootLeaf } from './rebootLeaf.js';
import { restartSwitch } from './restartSwitch.js';
import { silenceLacp } from './silenceLacp.js';
import { splitSystemId } from './splitSystemId.js';
import type { FaultVerb } from './types.js';
import { unplug } from './unplug.js';

/** Every fault; a new one is one file and one line here. */
export const FAULTS: readonly FaultVerb[] = [
  unplug,
  adminDown,
  silenceLacp,
  mute,
  deafen,
  lose,
  delay,
  flap,
  killReplicator,
  restartSwitch,
  rebootLeaf,
  splitSystemId,
];

/** Throws RangeError with the known names: a scenario names verbs in its text, so this is a mistake of the author. */
export function faultNamed(name: string): FaultVerb {
  const found = FAULTS.find((fault) => fault.name === name);
  if (found === undefined)
    throw new RangeError(`no fault "${name}"; there are ${FAULTS.map((fault) => fault.name).join(', ')}`);
  return found;
}
