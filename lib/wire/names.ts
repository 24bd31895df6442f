/** Words for numbers on the wire, for people; an unknown number is spelled out. */
export function arpOperation(operation: number): string {
  return ARP_OPERATIONS[operation] ?? `operation ${operation}`;
}

export function etherTypeName(etherType: number): string {
  if (etherType < 0x0600) return `802.3 length ${etherType}`;
  return ETHERTYPES[etherType] ?? `EtherType 0x${etherType.toString(16).padStart(4, '0')}`;
}

export function protocolName(protocol: number): string {
  return PROTOCOLS[protocol] ?? `protocol ${protocol}`;
}

export function icmpv6Name(messageType: number): string {
  return ICMPV6[messageType] ?? `ICMPv6 type ${messageType}`;
}

export function ndOptionName(type: number): string {
  return ND_OPTIONS[type] ?? `option ${type}`;
}

const LACP_BITS = [
  'active',
  'short timeout',
  'aggregatable',
  'in sync',
  'collecting',
  'distributing',
  'defaulted',
  'expired',
];

/** The set bits of a LACP state, from bit 0. */
export function lacpState(state: number): string {
  const names = LACP_BITS.filter((_, bit) => (state & (1 << bit)) !== 0);
  return names.length === 0 ? 'none' : names.join(', ');
}

const ARP_OPERATIONS: Readonly<Record<number, string>> = {
  1: 'request',
  2: 'reply',
  3: 'reverse request',
  4: 'reverse reply',
  8: 'inverse request',
  9: 'inverse reply',
};

const ETHERTYPES: Readonly<Record<number, string>> = {
  0x0800: 'IPv4',
  0x0806: 'ARP',
  0x8035: 'RARP',
  0x86dd: 'IPv6',
  0x8809: 'slow protocol',
  0x88b5: 'canary or fence',
  0x88cc: 'LLDP',
};

const PROTOCOLS: Readonly<Record<number, string>> = {
  1: 'ICMP',
  2: 'IGMP',
  6: 'TCP',
  17: 'UDP',
  44: 'fragment',
  58: 'ICMPv6',
  59: 'no next header',
};

const ICMPV6: Readonly<Record<number, string>> = {
  128: 'ICMPv6 echo request',
  129: 'ICMPv6 echo reply',
  130: 'MLD query',
  131: 'MLDv1 report',
  132: 'MLD done',
  133: 'RS',
  134: 'RA',
  135: 'NS',
  136: 'NA',
  137: 'redirect',
  143: 'MLDv2 report',
};

const ND_OPTIONS: Readonly<Record<number, string>> = {
  1: 'source link-layer address',
  2: 'target link-layer address',
  3: 'prefix information',
  4: 'redirected header',
  5: 'MTU',
  14: 'nonce',
  25: 'recursive DNS server',
  31: 'DNS search list',
};
