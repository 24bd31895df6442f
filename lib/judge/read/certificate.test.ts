import { expect, test } from '@playwright/test';
import { controlFrame } from '../../wire/control.js';
import { judge } from '../judge.js';
import { makeLab, MS, type MadeLab } from '../testing/lab.js';
import type { Judgement, Signature } from '../types.js';

function signatures(judgement: Judgement): Signature[] {
  return [...new Set(judgement.findings.map((finding) => finding.signature))];
}

/** leaf-a saw its frame, leaf-b did not: a failure, as long as leaf-b can be believed. */
function lopsided(): MadeLab {
  const lab = makeLab();
  lab.deliver(lab.send('arp-reply-unicast'), ['leaf-a']);
  return lab;
}

test('with a certificate a leaf that saw nothing fails', () => {
  expect(judge(lopsided().input()).verdict).toBe('fail');
});

const SPOILS: readonly (readonly [string, (lab: MadeLab) => void, Signature, string])[] = [
  [
    'never said that it listens',
    (lab) => lab.spoil('leaf-b', { ready: null }),
    'no-proof-of-life',
    'the capturing program never said that it listens',
  ],
  [
    'first canary is missing',
    (lab) => lab.spoil('leaf-b', {}, ['before']),
    'no-proof-of-life',
    'first canary (id 900011) was not seen',
  ],
  [
    'last canary is missing',
    (lab) => lab.spoil('leaf-b', {}, ['after']),
    'no-proof-of-life',
    'last canary (id 900012) was not seen',
  ],
  [
    'fence is missing',
    (lab) => lab.spoil('leaf-b', {}, ['fence']),
    'no-proof-of-life',
    'fence (id 900013) was not seen',
  ],
  [
    'first canary came last',
    (lab) => {
      lab.spoil('leaf-b', {}, ['before']);
      lab.see(
        'leaf-b',
        controlFrame({ source: '02:00:00:00:00:c0', destination: '02:00:00:00:00:c1', salt: 0xc0ffee01, id: 900_011 }),
        20_000 * MS,
      );
    },
    'no-proof-of-life',
    'wrong order',
  ],
  ['kernel dropped', (lab) => lab.spoil('leaf-b', { droppedByKernel: 3 }), 'drops', 'the kernel dropped 3 frames'],
  [
    'interface dropped',
    (lab) => lab.spoil('leaf-b', { droppedByInterface: 1 }),
    'drops',
    'the interface dropped 1 frame',
  ],
  ['port dropped', (lab) => lab.spoil('leaf-b', { portDrops: 2 }), 'drops', 'the port dropped 2 frames'],
  [
    'kernel drops are unknown',
    (lab) => lab.spoil('leaf-b', { droppedByKernel: null }),
    'no-proof-of-life',
    'how many frames the kernel dropped is not known',
  ],
  [
    'interface drops are unknown',
    (lab) => lab.spoil('leaf-b', { droppedByInterface: null }),
    'no-proof-of-life',
    'how many frames the interface dropped is not known',
  ],
  [
    'port drops are unknown',
    (lab) => lab.spoil('leaf-b', { portDrops: null }),
    'no-proof-of-life',
    'how many frames the port dropped is not known',
  ],
  [
    'capture is cut',
    (lab) => lab.cutCapture('leaf-b', (bytes) => bytes.subarray(0, bytes.length - 5)),
    'damaged-capture',
    'leaf-b.pcap is damaged at byte',
  ],
  [
    'capture is empty',
    (lab) => lab.cutCapture('leaf-b', () => new Uint8Array(0)),
    'damaged-capture',
    'damaged at byte 0',
  ],
];

for (const [name, spoil, signature, text] of SPOILS) {
  test(`nothing is claimed about a leaf whose ${name}`, () => {
    const lab = lopsided();
    spoil(lab);
    const judgement = judge(lab.input());
    expect(judgement.verdict).toBe('inconclusive');
    expect(judgement.certificates['leaf-b']?.valid).toBe(false);
    expect(judgement.certificates['leaf-a']?.valid).toBe(true);
    expect(judgement.deliveries[0]?.leaves['leaf-b']?.outcome).toBe('unknown');
    expect(judgement.deliveries[0]?.verdict).toBe('inconclusive');
    expect(judgement.totals.missing).toBe(0);
    expect(signatures(judgement)).toContain(signature);
    expect(judgement.findings.find((finding) => finding.signature === signature)?.sentence).toContain(text);
    expect(judgement.reasons.join(' ')).toContain(text);
  });
}

test('what would be a pass is inconclusive without a certificate', () => {
  const lab = makeLab();
  lab.deliver(lab.send('arp-reply-unicast'));
  expect(judge(lab.input()).verdict).toBe('pass');
  lab.spoil('leaf-b', { droppedByKernel: 1 });
  expect(judge(lab.input()).verdict).toBe('inconclusive');
});

test('a duplicate on a leaf with drops claims nothing, on a certified leaf it still fails', () => {
  const lab = makeLab();
  const probe = lab.send('arp-reply-unicast');
  lab.deliver(probe);
  lab.copy(probe, 'leaf-b', { afterNs: 200_000 });
  lab.spoil('leaf-b', { droppedByKernel: 1 });
  const judgement = judge(lab.input());
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.totals.duplicate).toBe(0);
  lab.copy(probe, 'leaf-a', { afterNs: 200_000 });
  expect(judge(lab.input()).verdict).toBe('fail');
});

test('data that no certified leaf saw may be on the other one', () => {
  const lab = makeLab();
  lab.send('data-udp');
  lab.spoil('leaf-b', { droppedByKernel: 1 });
  const judgement = judge(lab.input());
  expect(judgement.verdict).toBe('inconclusive');
  expect(signatures(judgement)).toEqual(['drops']);
});

test('a probe before the first canary is no proof', () => {
  const lab = makeLab();
  lab.deliver(lab.send('arp-reply-unicast', { at: MS }));
  const judgement = judge(lab.input());
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.reasons.join(' ')).toContain('it saw probes before its first canary');
});

test('a leaf without a tap is inconclusive', () => {
  const lab = makeLab();
  lab.deliver(lab.send('arp-reply-unicast'));
  const input = lab.input();
  const judgement = judge({ ...input, manifest: { ...input.manifest, taps: input.manifest.taps.slice(0, 1) } });
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.reasons).toEqual(['Nothing can be said about leaf-b: it was never captured.']);
});

test('canaries of other evidence prove nothing', () => {
  const lab = makeLab();
  lab.deliver(lab.send('arp-reply-unicast'));
  const judgement = judge(lab.input({ salt: 0x12345678 }));
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.certificates['leaf-a']?.problems.join()).toContain('first canary');
});

test('a token that no probe has makes the list of probes doubtful', () => {
  const lab = makeLab();
  lab.deliver(lab.send('arp-reply-unicast'));
  lab.deliver(lab.send('arp-reply-unicast'));
  const input = lab.input();
  const judgement = judge({ ...input, probes: input.probes.slice(0, 1) });
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.reasons.join(' ')).toContain('carry tokens that the list of probes does not have');
});

test('a snapped frame has lost its token, so its leaf is not believed', () => {
  const lab = makeLab();
  const probe = lab.send('data-udp');
  lab.copy(probe, 'leaf-a');
  lab.copy(probe, 'leaf-b', { alter: (frame) => frame });
  const input = lab.input();
  const judgement = judge({
    ...input,
    capture: (tap) => [...input.capture(tap)].map((bytes) => (tap.name === 'leaf-b' ? longer(bytes) : bytes)),
  });
  expect(judgement.certificates['leaf-b']?.problems.join()).toContain('cut by the snap length');
  expect(judgement.verdict).toBe('inconclusive');
});

/** Says of the second frame that it was longer on the wire. */
function longer(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const second = 24 + 16 + view.getUint32(24 + 8, true);
  view.setUint32(second + 12, 1_500, true);
  return bytes;
}

test('an uncertified tap of a sender makes its silence worthless', () => {
  const lab = makeLab();
  lab.deliver(lab.send('arp-reply-unicast'));
  lab.spoil(lab.tapSender('vm1', 'in'), { droppedByKernel: 1 });
  const judgement = judge(lab.input());
  expect(judgement.verdict).toBe('inconclusive');
  expect(judgement.certificates['vm1-in']?.valid).toBe(false);
});

test('what an uncertified tap of a sender saw fails nobody', () => {
  const lab = makeLab();
  const probe = lab.send('arp-request-broadcast');
  lab.deliver(probe);
  const tap = lab.tapSender('vm1', 'in');
  lab.copy(probe, tap);
  const [before] = [judge(lab.input())];
  expect(before.verdict).toBe('fail');
  expect(before.totals.reflected).toBe(1);
  lab.spoil(tap, {}, ['fence']);
  const judgement = judge(lab.input());
  expect(judgement.verdict).toBe('inconclusive');
  expect(signatures(judgement)).toEqual(['no-proof-of-life']);
  expect(judgement.totals.reflected).toBe(0);
});

/** A frame of vm1, or of somebody else, on a leaf. */
const voice = (lab: MadeLab, at: number, sender = 'vm1') => {
  const { frame } = lab.send('na-solicited', { sender, namedBy: 'content', at, outside: true });
  lab.see('leaf-b', Buffer.from(frame, 'hex'), at);
};
const AFTER_CLOSE = 10_001 * MS;

for (const [what, speak, text] of [
  [
    'is believed when they are heard on both sides of the window',
    (lab) => [-MS, AFTER_CLOSE].forEach((at) => voice(lab, at)),
    null,
  ],
  ['is not when nobody is heard', () => undefined, 'nobody behind it was heard, and no frame could be sent through it'],
  ['is not when they fall silent', (lab) => voice(lab, -MS), 'nobody behind it was heard after the window closed'],
  [
    'is not when they only speak later',
    (lab) => voice(lab, AFTER_CLOSE),
    'nobody behind it was heard before the window opened',
  ],
  [
    'is not when only the leaf itself speaks',
    (lab) => [-MS, AFTER_CLOSE].forEach((at) => voice(lab, at, 'leaf-b')),
    'nobody behind it was heard, and',
  ],
] as const satisfies readonly (readonly [string, (lab: MadeLab) => void, string | null])[])
  test(`a capture through which nothing could be sent, and only voices prove, ${what}`, () => {
    const lab = lopsided();
    lab.spoil('leaf-b', { byVoices: true }, ['before', 'after', 'fence']);
    speak(lab);
    const { verdict, findings } = judge(lab.input());
    const said = findings.find(({ signature }) => signature === 'no-proof-of-life')?.sentence ?? null;
    expect(verdict).toBe(text === null ? 'fail' : 'inconclusive');
    if (text === null) expect(said).toBeNull();
    else expect(said).toContain(text);
  });
