import { parseMac } from './address.js';
import { ETHERTYPE, frameWithTrailerToken } from './ethernet.js';

/**
 * EtherType of canaries and fences: IEEE 802 local experimental 1, so that no stack answers and no replicator has a
 * reason to copy.
 */
export const CONTROL_ETHERTYPE = ETHERTYPE.control;

/** Tokens from here on belong to frames of the lab itself, in any form; probes are numbered from 1. */
export const FIRST_CONTROL_ID = 1_000_000_000;

/** A canary or fence: 60 bytes, token at the end. MACs as text; throws WireError when one is not a MAC. */
export function controlFrame(params: {
  readonly source: string;
  readonly destination: string;
  readonly salt: number;
  readonly id: number;
}): Uint8Array {
  const { salt, id } = params;
  return frameWithTrailerToken(
    {
      destination: parseMac(params.destination),
      source: parseMac(params.source),
      etherType: CONTROL_ETHERTYPE,
      packet: new Uint8Array(0),
    },
    salt,
    id,
  );
}
