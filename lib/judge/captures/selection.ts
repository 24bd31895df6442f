import { MAX_FRAME } from '../../pcap/limits.js';
import { LINK_TYPE } from '../../pcap/linkType.js';
import { createLinkView } from '../../pcap/linkView.js';
import type { FrameSink } from '../../pcap/types.js';
import { classify, newClassification, type Classification } from '../../wire/classify.js';
import { isVlanTpid } from '../../wire/ethernet.js';
import { mayEncapsulate } from './encapsulated.js';
import type { Mirrors, OpenSession } from './mirrors.js';

/** Which frames of a capture are those of its leaf. */
export type Selection =
  /** All, as they stand; unless it turns out to be the capture of a mirror. */
  | { readonly by: 'everything' }
  /** All, as they stand, whatever is inside. */
  | { readonly by: 'port' }
  /**
   * Those inside of the packets of one mirror session, by its number and its source (bytes as hex); null = any. `key`
   * is that of the only session that fits, once it is known.
   */
  | { readonly by: 'session'; readonly id: number | null; readonly source: string | null; readonly key?: number }
  /** Those of an interface of a pcapng file, by name or number. */
  | { readonly by: 'interface'; readonly name: string }
  /** Those whose outermost VLAN tag says this; `isStripped`: without that tag, which the mirror put on. */
  | { readonly by: 'vlan'; readonly id: number; readonly isStripped: boolean };

export const EVERYTHING: Selection = { by: 'everything' };

/** What a selection saw of its capture. */
export interface Selected {
  frames: number;
  /** VLANs of outermost tags, where frames are selected by them. */
  readonly vlans: Set<number>;
}

/** Hands on the frames of a selection only: those of mirrors as they were on the port. */
export function selectedSink(
  selection: Selection,
  sink: FrameSink,
  mirrors: Mirrors,
  isHost: (frame: Classification) => boolean,
  selected: Selected,
): FrameSink {
  switch (selection.by) {
    case 'session':
      return mirrorSink(selection, sink, mirrors, isHost, selected);
    case 'interface':
      return interfaceSink(selection.name, sink, selected);
    case 'vlan':
      return vlanSink(selection.id, selection.isStripped, sink, selected);
    default:
      return sink;
  }
}

export function fits(
  selection: Extract<Selection, { readonly by: 'session' }>,
  session: Pick<OpenSession, 'key' | 'id' | 'source'>,
): boolean {
  if (selection.key !== undefined) return selection.key === session.key;
  return (
    (selection.id === null || selection.id === session.id) &&
    (selection.source === null || selection.source === session.source)
  );
}

function mirrorSink(
  selection: Extract<Selection, { readonly by: 'session' }>,
  sink: FrameSink,
  mirrors: Mirrors,
  isHost: (frame: Classification) => boolean,
  selected: Selected,
): FrameSink {
  const link = createLinkView();
  const outer = newClassification();
  let view: DataView = new DataView(new ArrayBuffer(0));
  let viewed: Uint8Array | null = null;
  // What comes in and what goes out of a port are told apart as two interfaces are.
  sink.described?.(2, null);
  return {
    begins: (file, seconds, nanos) => sink.begins?.(file, seconds, nanos),
    frame(bytes, start, captured, original, seconds, nanos, linkType, _iface, offset) {
      let source = bytes;
      let from = start;
      let length = captured;
      let whole = captured >= original;
      if (linkType !== LINK_TYPE.ethernet) {
        if (!link.convert(bytes, start, captured, original, linkType) || link.isOutgoing) return;
        source = link.bytes;
        from = 0;
        length = link.captured;
        whole = length >= link.original;
      }
      if (!mayEncapsulate(classify(source, from, length, outer))) return;
      if (viewed !== source) {
        viewed = source;
        view = new DataView(source.buffer, source.byteOffset, source.length);
      }
      const session = mirrors.peel(source, view, outer, isHost);
      const { inner } = mirrors;
      if (session === null || mirrors.isRepeat || inner.isFragment || !fits(selection, session)) return;
      selected.frames++;
      const left = inner.end - inner.start;
      whole &&= !inner.isTruncated;
      const port = inner.isEgress ? 1 : 0;
      sink.frame(source, inner.start, left, whole ? left : left + 1, seconds, nanos, LINK_TYPE.ethernet, port, offset);
    },
  };
}

function interfaceSink(wanted: string, sink: FrameSink, selected: Selected): FrameSink {
  const mine = new Set<number>();
  return {
    described(interfaces, name) {
      if (name !== wanted && String(interfaces - 1) !== wanted) return;
      mine.add(interfaces - 1);
      sink.described?.(mine.size, name);
    },
    begins: (file, seconds, nanos) => sink.begins?.(file, seconds, nanos),
    frame(bytes, start, captured, original, seconds, nanos, linkType, iface, offset) {
      if (!mine.has(iface)) return;
      selected.frames++;
      sink.frame(bytes, start, captured, original, seconds, nanos, linkType, iface, offset);
    },
  };
}

function vlanSink(id: number, isStripped: boolean, sink: FrameSink, selected: Selected): FrameSink {
  const out = new Uint8Array(MAX_FRAME);
  return {
    described: (interfaces, name) => sink.described?.(interfaces, name),
    begins: (file, seconds, nanos) => sink.begins?.(file, seconds, nanos),
    frame(bytes, start, captured, original, seconds, nanos, linkType, iface, offset) {
      const at = start + 12;
      if (linkType !== LINK_TYPE.ethernet || captured < 18 || !isVlanTpid(u16(bytes, at))) return;
      const vlan = u16(bytes, at + 2) & 0xfff;
      selected.vlans.add(vlan);
      if (vlan !== id) return;
      selected.frames++;
      if (!isStripped) {
        sink.frame(bytes, start, captured, original, seconds, nanos, linkType, iface, offset);
        return;
      }
      out.set(bytes.subarray(start, at), 0);
      out.set(bytes.subarray(at + 4, start + captured), 12);
      sink.frame(out, 0, captured - 4, original - 4, seconds, nanos, linkType, iface, offset);
    },
  };
}

function u16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}
