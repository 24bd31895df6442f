import { ENCAPSULATIONS } from '../../wire/encapsulation.js';
import { listed, some } from '../tell/phrasing.js';
import type { FeedEnd } from './feed.js';
import type { MirrorSession } from './mirrors.js';
import { addressText, sessionText } from './sessionText.js';

/** Whether a capture is one of a port, or of a mirror of it that came in packets. */
export type MirrorChoice =
  | { readonly type: 'port' }
  | { readonly type: 'mirror'; readonly session: MirrorSession }
  /** Nobody can tell; `text` follows the name of the file. */
  | { readonly type: 'doubt'; readonly text: string };

const PORT: MirrorChoice = { type: 'port' };

/**
 * Decides by what was seen of a whole capture. ERSPAN and TZSP are mirrors; VXLAN, Geneve and GRE only where they carry
 * what a port says to its neighbor and no overlay forwards (LACPDUs, LLDP), and one way. What a host itself sends in
 * packets is its data and was not looked into.
 */
export function chooseMirror(end: FeedEnd, isAuto: boolean): MirrorChoice {
  const { sessions, fragments, hasSpoken, outerSpoke } = end.encapsulated;
  // Whoever speaks on a port with LACP for itself and sends packets of frames, too, is a host with an overlay or a
  // mirror of its own.
  const others = isAuto && end.lacpdus.length > 0 ? sessions.filter(({ key }) => !outerSpoke.includes(key)) : sessions;
  const sure = others.filter((session) => isMirror(session, sessions));
  const ofHosts = others.filter((session) => session.ofHosts > 0);
  const native = hasSpoken && !isAuto;
  if (ofHosts.length === 0) {
    if (fragments > 0 && !native) return fragmentDoubt(fragments);
    const further = native ? [] : others.filter(({ deep, hiding }) => deep + hiding > 0);
    if (further.length > 0) return doubt(furtherText(further));
    // Of hosts that a leaf never hears, its mirror tells nothing but that it was alive.
    const [only] = sure.filter(({ linkLocal }) => linkLocal > 0);
    return only !== undefined && sure.length === 1 && !native ? { type: 'mirror', session: only } : PORT;
  }
  const surely = ofHosts.filter((session) => sure.includes(session));
  if (native)
    return surely.length === 0
      ? PORT
      : doubt(
          `holds frames of these hosts both as they are on a port and in ${names(surely)}: choose with ${option(surely)}, or FILE@port for those outside`,
        );
  const [session] = ofHosts;
  if (session === undefined) return PORT;
  if (ofHosts.length > 1)
    return doubt(
      `holds frames of these hosts in ${names(ofHosts)}: choose one for each leaf, as in ${option(ofHosts)}`,
    );
  if (surely.length === 0)
    return doubt(
      `holds frames of these hosts in ${names(ofHosts)}, and nothing shows whether that is a mirror of a port or the traffic of an overlay: say ${option(ofHosts)} for a mirror, or FILE@port`,
    );
  return { type: 'mirror', session };
}

function isMirror(session: MirrorSession, all: readonly MirrorSession[]): boolean {
  if (ENCAPSULATIONS[session.type]?.isMirror === true) return true;
  const isAnswered = all.some(
    ({ type, source, destination }) =>
      type === session.type && source === session.destination && destination === session.source,
  );
  return session.linkLocal > 0 && !isAnswered;
}

function doubt(text: string): MirrorChoice {
  return { type: 'doubt', text };
}

/** Of mirrors and overlays with more inside. */
function furtherText(sessions: readonly MirrorSession[]): string {
  const frames = (of: 'deep' | 'hiding'): number => sessions.reduce((sum, session) => sum + session[of], 0);
  const remedy = 'capture nearer to the port';
  return frames('hiding') > 0
    ? `holds ${some(frames('hiding'), 'frame')} of these hosts in encapsulations inside ${names(sessions)}, which are not looked into: ${remedy}`
    : `holds ${some(frames('deep'), 'packet')} in more than four encapsulations (in ${names(sessions)}), which may be frames of these hosts: ${remedy}`;
}

function fragmentDoubt(fragments: number): MirrorChoice {
  return doubt(`holds ${some(fragments, 'IP fragment')} of GRE, which ${FRAGMENTS_REMEDY}`);
}

export const FRAGMENTS_REMEDY =
  'are not put together, and may hold frames of these hosts: let the mirror cut frames, or raise the MTU between switch and collector';

/** Most sessions that a sentence names. */
const NAMED = 8;

function names(sessions: readonly MirrorSession[]): string {
  return `${listed(sessions.slice(0, NAMED).map(sessionText))}${sessions.length > NAMED ? ` and ${sessions.length - NAMED} more` : ''}`;
}

function option(sessions: readonly MirrorSession[]): string {
  const [{ source, id } = { source: '', id: -1 }] = sessions;
  const from = addressText(source);
  return `FILE@session:${id >= 0 && sessions.every((other) => other.source === source) ? id : id < 0 ? from : `${from}/${id}`}`;
}
