import { parseMac } from '../../../wire/address.js';
import { ethernetFrame } from '../../../wire/ethernet.js';
import { offer } from '../../capability.js';
import { LONGEST_CHANGE_MS } from '../../change.js';
import { TestbedError } from '../../error.js';
import type { Link, TestPort } from '../../port.js';
import type { FarMachine } from '../machine.js';
import type { LabRecords } from '../records.js';
import { SPOKEN_TYPE } from './arrivals.js';
import { tableOf, wireVerb, type Way } from './rules.js';

/** The nearest bridge (IEEE 802.1Q, table 8-1): no bridge passes it on. */
const NEAREST_BRIDGE = '01:80:c2:00:00:0e';

/** What a socket says of a frame that a rule behind it has dropped: ENOBUFS (net/packet/af_packet.c, NET_XMIT_DROP). */
const IS_DROPPED = 'No buffer space available';

/** Sends a frame of ours out of a port; null where its machine cannot. */
function speaker({ inject, mac }: TestPort): Way['speak'] {
  if (!inject.ok) return null;
  const frame = ethernetFrame({
    destination: parseMac(NEAREST_BRIDGE),
    source: parseMac(mac),
    etherType: SPOKEN_TYPE,
    packet: new Uint8Array(),
  });
  return () =>
    inject.use([frame]).catch((error: unknown) => {
      if (!(error instanceof TestbedError && error.message.includes(IS_DROPPED))) throw error;
    });
}

/**
 * Frames of a leg between installed machines are dropped where they are sent: a capture reads what comes in before rules
 * could drop it. Each direction has a table, a guard and an entry in the journal of its own.
 *
 * @param number of the leg, for names of tables
 */
export function droppingRules(
  link: Link,
  number: number,
  { host, leaf }: { readonly host: FarMachine; readonly leaf: FarMachine },
  records: LabRecords,
): NonNullable<Link['drops']> {
  const [a, b] = [
    { machine: host, port: link.a.name },
    { machine: leaf, port: link.b.name },
  ];
  return (rule) => {
    const name = `${link.name}: ${rule.title}`;
    const verbs = rule.directions.map((direction) => {
      const way: Way =
        direction === 'to-leaf'
          ? { from: a, to: b, speak: speaker(link.a) }
          : { from: b, to: a, speak: speaker(link.b) };
      return wireVerb(rule, way, tableOf(rule.verb, number), name, records);
    });
    return offer({
      name,
      steps: [
        ...verbs.map(({ make }) => ({ what: 'frames to be lost', run: make })),
        { what: 'the leg to count as silent', run: () => Promise.resolve(records.silent?.add(link.name)) },
      ],
      undo: [
        ...[...verbs].reverse().map(({ mend }) => ({ what: 'no frame to be lost', run: mend })),
        { what: 'the leg to count again', run: () => Promise.resolve(records.silent?.delete(link.name)) },
      ],
      maxMs: LONGEST_CHANGE_MS,
    });
  };
}
