import type { Probe } from '../evidence/types.js';
import { createCaptureParser } from '../pcap/parser.js';
import { classify, newClassification } from '../wire/classify.js';
import type { VlanTag } from '../wire/frame.js';
import { KINDS } from '../wire/kinds.js';
import { readToken } from '../wire/token.js';
import { TUNNEL_GROUP, tunnelFlow } from './tunnelFrames.js';

export interface WitnessOptions {
  readonly sender: string;
  readonly group: string;
  readonly salt: number;
  readonly wireTags: readonly VlanTag[];
  readonly nextId: () => number;
  /** ns since the epoch; frames outside are marked as such. */
  readonly fromNs: bigint;
  readonly toNs: bigint;
  /**
   * MACs of the other senders, without colons: what they send may leave through this NIC, too, as what macvlans send does
   * through their lower device. It has its own witness.
   */
  readonly others?: ReadonlySet<string>;
  /** Packets of a VXLAN tunnel are probes, too. */
  readonly tunnels?: boolean;
}

/**
 * The neighbor frames that a sender's own stack sent, and packets of its tunnel where that is asked, from the capture at its NIC. They carry no token; the frame
 * itself, seen leaving, is what each leaf must have. Frames that the lab made are recognized by their token and left
 * out.
 */
export function witnessedProbes(capture: Iterable<Uint8Array>, options: WitnessOptions): readonly Probe[] {
  const probes: Probe[] = [];
  const seen = newClassification();
  const parser = createCaptureParser({
    frame(bytes, start, captured, original, seconds, nanos) {
      const kind = KINDS[classify(bytes, start, captured, seen)];
      if (kind === undefined || captured !== original) return;
      const source = Buffer.from(bytes.subarray(start + 6, start + 12)).toString('hex');
      if (options.others?.has(source) === true) return;
      const flow =
        options.tunnels === true && !seen.isNeighbor ? tunnelFlow(bytes, seen.etherType, seen.bodyStart) : null;
      if (!seen.isNeighbor && flow === null) return;
      if (readToken(bytes, start, captured, options.salt) >= 0) return;
      const at = BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
      probes.push({
        id: options.nextId(),
        kind: kind.id,
        namedBy: 'content',
        sender: options.sender,
        group: flow === null ? options.group : TUNNEL_GROUP,
        sentNs: String(at),
        frame: Buffer.from(bytes.subarray(start, start + captured)).toString('hex'),
        wireTags: options.wireTags,
        ...(flow === null ? {} : { flow }),
        ...(at < options.fromNs || at > options.toNs ? { outside: true } : {}),
      });
    },
  });
  for (const chunk of capture) parser.push(chunk);
  parser.end();
  return probes;
}
