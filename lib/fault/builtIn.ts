import { adminDown } from './adminDown.js';
import { delay } from './delay.js';
import type { Fault } from './fault.js';
import { flap } from './flap.js';
import { killController } from './killController.js';
import { killReplicator } from './killReplicator.js';
import { rebootLeaf } from './rebootLeaf.js';
import { restartSwitch } from './restartSwitch.js';
import { splitSystemId } from './splitSystemId.js';
import { unplug } from './unplug.js';
import { deafen, lose, mute, silenceLacp } from './wireFaults.js';

/** Every built-in fault by its name; a new one is one file and one line here. */
export const FAULTS = {
  unplug,
  adminDown,
  silenceLacp,
  mute,
  deafen,
  lose,
  delay,
  flap,
  killReplicator,
  killController,
  restartSwitch,
  rebootLeaf,
  splitSystemId,
};

export type FaultName = keyof typeof FAULTS;

/** What a built-in fault can be told. */
export type ArgumentsOf<N extends FaultName> = (typeof FAULTS)[N] extends Fault<infer A> ? A : never;
