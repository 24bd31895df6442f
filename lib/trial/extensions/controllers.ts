import { setTimeout as wait } from 'node:timers/promises';
import { DURATIONS } from '../../durations.js';
import { mark, type Window } from '../window.js';

/** Switches whose controller is gone. */
export interface Controllers {
  /** Waits until a switch has long given up a controller that is dead, and notes what is not as it was installed. */
  outlastController(): Promise<void>;
}

export function controllersOf(window: Window): Controllers {
  return {
    async outlastController() {
      await wait(DURATIONS.controllerGivenUp);
      const facts = await window.installed.audit();
      const words = facts.flatMap(({ name, ok, value }) => (ok ? [] : [`${name}: ${value}`])).join('; ');
      await mark(window, `the controller is dead for ${DURATIONS.controllerGivenUp / 1000} s; ${words}`);
    },
  };
}
