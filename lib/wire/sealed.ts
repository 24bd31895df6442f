/** Encapsulations whose frames are not looked into: they may hold neighbor frames of any host. By EtherType. */
const NAMES: Readonly<Record<number, string>> = {
  0x88e7: 'MAC-in-MAC (802.1ah)',
  0x88e5: 'MACsec (802.1AE)',
  0x22f3: 'TRILL (RFC 6325)',
  0x8903: 'FabricPath',
};

/** The encapsulation of this EtherType that is not looked into; null = none. */
export function sealedIn(etherType: number): string | null {
  return NAMES[etherType] ?? null;
}

/** What such frames are encapsulated in, for a sentence; also of a tag that nobody knows. */
export function sealedText(etherType: number): string {
  return sealedIn(etherType) ?? `a tag that is not known (EtherType 0x${etherType.toString(16).padStart(4, '0')})`;
}
