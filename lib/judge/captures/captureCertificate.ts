import type { Problem } from '../read/certificate.js';
import type { Certificate } from '../types.js';
import { duration, some } from '../tell/phrasing.js';
import type { Alignment } from './align.js';
import type { Feed } from './feed.js';
import { linkTypeText } from '../../pcap/linkNames.js';
import { sealedText } from '../../wire/sealed.js';
import { mirrorProblems } from './mirrorProblems.js';
import { PAIRING } from './settings.js';

/**
 * What takes a capture's word away, when nobody vouches for it: damage, drops that it reports, silence, a broken clock,
 * cut frames.
 */
export function captureProblems(
  file: string,
  feed: Feed,
  frames: number,
  isTagless: boolean,
  isAuto: boolean,
): Problem[] {
  const { end } = feed;
  if (end === null) return [{ signature: 'no-proof-of-life', text: `${file} was not read to its end` }];
  const problems: Problem[] = [];
  const { summary } = end;
  if (end.trouble !== null)
    problems.push({
      signature: 'damaged-capture',
      text: `${file} cannot be read beyond byte ${summary.bytes}: ${end.trouble}`,
    });
  else if (summary.damage !== null)
    problems.push({
      signature: 'damaged-capture',
      text: `${file} is damaged at byte ${summary.damage.offset}: ${summary.damage.message}`,
    });
  if (summary.drops !== null && summary.drops > 0)
    problems.push({ signature: 'drops', text: `${file} reports ${some(summary.drops, 'dropped frame')}` });
  if (summary.untimed > 0)
    problems.push({
      signature: 'no-proof-of-life',
      text: `${some(summary.untimed, 'frame')} of ${file} ${summary.untimed === 1 ? 'has' : 'have'} no time stamp (Simple Packet Blocks of pcapng), and what came when is not known: capture with tcpdump or dumpcap`,
    });
  if (summary.sections > 1)
    problems.push({
      signature: 'no-proof-of-life',
      text: `${file} is ${summary.sections} captures that were joined${summary.joined === null ? '' : ` (the second begins at byte ${summary.joined.offset}, behind ${some(summary.joined.frames, 'frame')})`}, and what came between them is not known: judge each by itself`,
    });
  if (frames === 0 && problems.length === 0)
    problems.push({ signature: 'no-proof-of-life', text: `${file} holds no frame at all` });
  if (end.backwardsNs > PAIRING.pairNs) {
    problems.push({
      signature: 'no-proof-of-life',
      text: `the time stamps of ${file} go back by ${duration(end.backwardsNs)} at byte ${end.backwardsOffset}`,
    });
  }
  if (end.strange > 0)
    problems.push({
      signature: 'no-proof-of-life',
      text: `${some(end.strange, 'frame')} of ${file} ${end.strange === 1 ? 'has' : 'have'} no Ethernet header that can be read, as ${linkTypeText(end.strangeLink)}: capture on the port to the host itself, as in tcpdump -i swp1 -y EN10MB`,
    });
  problems.push(...mirrorProblems(file, end, isAuto));
  for (const [etherType, frames] of end.sealed)
    problems.push({
      signature: 'no-proof-of-life',
      text: `${some(frames, 'frame')} of ${file} ${frames === 1 ? 'is' : 'are'} encapsulated in ${sealedText(etherType)}, which is not looked into, and may be neighbor frames: capture where the host's own frames come in, before anything is put around them`,
    });
  if (end.cut > 0) {
    problems.push({
      signature: 'no-proof-of-life',
      text: `${some(end.cut, 'frame')} of ${file} ${end.cut === 1 ? 'is' : 'are'} cut too short to be compared, the first at byte ${end.cutOffset}; capture with -s 256`,
    });
  }
  if (end.untold > 0 && !isTagless)
    problems.push({
      signature: 'no-proof-of-life',
      text: `${file} was captured on every interface (-i any), which loses VLAN tags: capture on the port, or give it as a file, plain or gzip`,
    });
  if (end.twins > 0 && end.selection.by === 'session')
    problems.push({
      signature: 'no-proof-of-life',
      text: `${some(end.twins, 'frame')} of ${file} ${end.twins === 1 ? 'was' : 'were'} mirrored both when received and when sent: mirror what one port receives`,
    });
  else if (end.twins > 0 && summary.interfaces.length > 1)
    problems.push({
      signature: 'no-proof-of-life',
      text: `${some(end.twins, 'frame')} of ${file} ${end.twins === 1 ? 'was' : 'were'} seen on several of its interfaces: capture on the port alone`,
    });
  else if (end.twins > 0)
    problems.push({
      signature: 'no-proof-of-life',
      text: `${some(end.twins, 'frame')} of ${file} may have been seen on several interfaces (-i any), which it does not tell apart: capture on the port`,
    });
  return problems;
}

/** A clock that may be seconds off makes copies of what are none, or hides those that are. */
export function clockProblems(file: string, alignment: Alignment | undefined): Problem[] {
  if (alignment?.isContradicted !== true) return [];
  return [
    {
      signature: 'no-proof-of-life',
      text: `the clock of ${file} could not be measured, and may be far off: ${alignment.reason ?? ''}; capture for longer, or use --clock shared where it is right`,
    },
  ];
}

export function captureCertificate(
  feed: Feed,
  problems: readonly Problem[],
  isOfOnePort: boolean,
  text: (ns: number) => string,
): Certificate {
  const { end } = feed;
  const hasFrames = end !== null && end.summary.frames > 0 && Number.isFinite(end.firstNs);
  return {
    valid: problems.length === 0 && !isOfOnePort,
    problems: [
      ...problems.map((problem) => problem.text),
      ...(isOfOnePort ? ['another capture is of the same port'] : []),
    ],
    frames: end?.summary.frames ?? 0,
    drops: end?.summary.drops ?? null,
    firstNs: hasFrames ? text(end.firstNs) : null,
    lastNs: hasFrames ? text(end.lastNs) : null,
  };
}
