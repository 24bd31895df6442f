import type { Probe } from '../evidence/types.js';
import { buildFrame } from '../wire/build.js';
import type { KindId } from '../wire/kinds.js';
import type { BuildParams } from '../wire/params.js';
import { PROTOCOLS } from '../wire/protocols.js';
import type { FlowPath } from './flowPath.js';

/** How a frame of a kind may differ from the usual form; each has a default in BuildParams. */
export type FrameForm = Pick<
  BuildParams,
  | 'remoteIpv6'
  | 'payloadBytes'
  | 'claimedMac'
  | 'isRouter'
  | 'overrides'
  | 'extendsAdvertisement'
  | 'leavesMacOut'
  | 'trafficClass'
  | 'flowLabel'
  | 'protocol'
>;

/** A frame that is ready to be sent; it becomes a probe once the kernel has accepted it. */
export type CraftedProbe = Omit<Probe, 'sentNs'>;

export interface CraftOptions {
  readonly salt: number;
  /** Gives the next probe id; ids start at 1 and also vary the content. */
  readonly nextId: () => number;
  readonly group: string;
  readonly form?: FrameForm;
}

function craft(
  flowPath: FlowPath,
  kind: KindId,
  options: CraftOptions,
  extra: { readonly variation?: number; readonly sourceMac?: string; readonly flow?: number } = {},
): CraftedProbe {
  const id = options.nextId();
  const frame = buildFrame(kind, {
    sourceMac: extra.sourceMac ?? flowPath.sender.mac,
    sourceIpv4: flowPath.ipv4,
    sourceIpv6: flowPath.ipv6,
    gatewayMac: flowPath.gatewayMac,
    gatewayIpv4: flowPath.gateway4,
    gatewayIpv6: flowPath.gateway6,
    variation: extra.variation ?? id,
    tags: flowPath.sentTags,
    salt: options.salt,
    id,
    ...options.form,
  });
  return {
    id,
    kind,
    namedBy: 'token',
    sender: flowPath.sender.node,
    group: options.group,
    frame: Buffer.from(frame).toString('hex'),
    wireTags: flowPath.wireTags,
    ...(extra.flow === undefined ? {} : { flow: extra.flow }),
  };
}

/** `copies` probes of each kind on a flow path. */
export function craftKinds(
  flowPath: FlowPath,
  kinds: readonly KindId[],
  copies: number,
  options: CraftOptions,
): readonly CraftedProbe[] {
  return kinds.flatMap((kind) => Array.from({ length: copies }, () => craft(flowPath, kind, options)));
}

/** One probe of each protocol of lib/wire/protocols.ts, each a group of its own. */
export function craftProtocols(flowPath: FlowPath, options: CraftOptions): readonly CraftedProbe[] {
  return PROTOCOLS.flatMap(({ name, kind }) =>
    craftKinds(flowPath, [kind], 1, { ...options, group: name, form: { ...options.form, protocol: name } }),
  );
}

/**
 * `flows` data probes of a kind that may hash apart. A bond that hashes addresses and ports gets one source and many
 * ports (`by: 'ports'`); one that hashes only the source gets that many source MACs, as of guests behind the sender
 * (`by: 'sources'`).
 */
export function craftFlows(
  flowPath: FlowPath,
  kind: KindId,
  flows: number,
  by: 'ports' | 'sources',
  options: CraftOptions,
): readonly CraftedProbe[] {
  return Array.from({ length: flows }, (_, flow) =>
    craft(flowPath, kind, options, {
      variation: flow + 1,
      flow,
      ...(by === 'sources' ? { sourceMac: guestMac(flowPath, flow) } : {}),
    }),
  );
}

/**
 * MAC of the n-th guest behind a sender: locally administered, and it names its sender. Numbered in Gray code: flows are
 * IPv4 and IPv6 in turns, and a bond of the kernel hashes the last byte of the MACs together with the EtherType
 * (`layer2`), so that guests numbered one by one would all be on one leg.
 */
function guestMac({ number }: FlowPath, flow: number): string {
  const hex = (value: number) => value.toString(16).padStart(2, '0');
  const guest = flow ^ (flow >> 1);
  return `06:00:${hex(number)}:00:${hex(guest >> 8)}:${hex(guest & 0xff)}`;
}
