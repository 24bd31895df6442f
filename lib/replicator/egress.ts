/** Kinds of data planes whose frames leave through interfaces of the kernel that it does not bond: copies are made at their egress. */
export const EGRESS_PLANES: readonly string[] = ['linux-bridge', 'dpdk-bond', 'sriov'];

/** Their variants, but for the one that sends every frame on every leg by itself: with copies there would be two. */
export const EGRESS_MODES: readonly string[] = ['active-backup', 'per-mac', '802.3ad', 'balance', 'round-robin'];
