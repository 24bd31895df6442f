/** A mode of the kernel's bond with what decides which leg it takes. */
export interface BondMode {
  /** As `ip link add ... type bond mode` takes it. */
  readonly mode: '802.3ad' | 'balance-xor' | 'active-backup' | 'balance-rr' | 'broadcast';
  /** `xmit_hash_policy`, in the modes that hash. */
  readonly policy: 'layer3+4' | 'layer2' | null;
}

/** Options with which the bond is made; LACP's rate, and a hash policy, only where the mode takes them. */
export function bondOptions({ mode, policy }: BondMode): string {
  const lacp = mode === '802.3ad' ? ' lacp_rate fast' : '';
  return `mode ${mode} miimon 100${lacp}${policy === null ? '' : ` xmit_hash_policy ${policy}`}`;
}
