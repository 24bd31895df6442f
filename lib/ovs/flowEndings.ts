import type { Ending } from '../dataplane/ending.js';
import { inOneLine } from '../inOneLine.js';
import { lacking, offer, type Offer } from '../testbed/capability.js';
import { TestbedError } from '../testbed/error.js';
import { BRIDGE } from './bridge.js';
import type { OvsSwitch } from './switch.js';

const LINE =
  /^ *cookie=\S+, duration=(?<age>[\d.]+)s, (?<table>table=\d+, )?n_packets=\d+, n_bytes=\d+, (?<rest>.*)$/gm;

/** OpenFlow 1.3.5, 6.4: seconds, by what happens first. Without a frame it is both. */
const TIMEOUT = /\b(?<which>idle|hard)_timeout=(?<seconds>\d+), ?/g;

/**
 * Flows that end by themselves, in what `ovs-ofctl dump-flows` says. An idle timeout is taken as if a frame had come
 * just now: OpenFlow 1.3 does not tell when the last one came.
 */
export function flowEndings(dump: string): readonly Ending[] {
  return [...dump.matchAll(LINE)].flatMap(({ groups }) => {
    const { age = '', table = '', rest = '' } = groups ?? {};
    // Beyond ` actions=` are timeouts of flows that this one would make (learn).
    const [match = ''] = rest.split(' actions=');
    const what = match.replaceAll(TIMEOUT, '') + rest.slice(match.length);
    const ageMs = Number(age) * 1000;
    const left = [...match.matchAll(TIMEOUT)].map(({ groups: found }) => {
      const lasts = Number(found?.['seconds']) * 1000;
      return found?.['which'] === 'hard' ? Math.max(0, lasts - ageMs) : lasts;
    });
    return left.length === 0 ? [] : [{ what: `flow "${table}${what}"`, ageMs, leftMs: Math.min(...left) }];
  });
}

/** The same of a switch; lacking where it does not tell, such as where its bridge speaks another OpenFlow only. */
export async function readFlowEndings(ovs: OvsSwitch): Promise<Offer<readonly Ending[]>> {
  try {
    return offer(flowEndings(await ovs.ofctl(['dump-flows', BRIDGE])));
  } catch (error) {
    if (!(error instanceof TestbedError)) throw error;
    return lacking({
      what: `which flows of ${ovs.node.name} end by themselves`,
      command: `ovs-ofctl -O OpenFlow13 dump-flows ${BRIDGE}`,
      output: inOneLine(error.message),
    });
  }
}
