/** A group of kernel modules that a lab uses together, and what is skipped where one is missing. */
export interface ModuleGroup {
  readonly costs: string;
  readonly modules: readonly string[];
}

/** What the first stage of a boot needs: without one of these there is no guest. */
export const BOOT_MODULES = ['virtio_pci', 'virtio_blk', 'virtio_console', 'erofs', 'overlay'] as const;

/** What labs need of a guest's kernel. A kernel may lack any of it: what needs it is skipped, and says so. */
export const LAB_MODULES: readonly ModuleGroup[] = [
  { costs: 'kernel bonds', modules: ['bonding'] },
  { costs: 'VLAN devices', modules: ['8021q'] },
  { costs: 'every link of a lab', modules: ['veth', 'dummy'] },
  { costs: 'VMs behind a bridge', modules: ['bridge', 'br_netfilter'] },
  { costs: 'VMs behind Open vSwitch', modules: ['openvswitch'] },
  { costs: 'VMs on macvlan, macvtap or ipvlan', modules: ['macvlan', 'macvtap', 'ipvlan'] },
  { costs: 'VXLAN and Geneve', modules: ['vxlan', 'geneve'] },
  { costs: 'the bond of teamd', modules: ['team'] },
  { costs: 'rules of tc', modules: ['cls_flower', 'cls_u32', 'cls_bpf', 'cls_matchall', 'sch_ingress'] },
  {
    costs: 'actions of tc',
    modules: ['act_mirred', 'act_vlan', 'act_ct', 'act_tunnel_key', 'act_skbedit', 'act_gact', 'act_pedit', 'act_csum'],
  },
  { costs: 'lossy and loaded wires', modules: ['sch_netem', 'sch_htb', 'sch_tbf', 'sch_prio', 'sch_fq_codel', 'ifb'] },
  {
    costs: 'rules of nft',
    modules: ['nf_tables', 'nft_numgen', 'nft_ct', 'nft_limit', 'nft_fwd_netdev', 'nft_dup_netdev'],
  },
  { costs: 'filters of nft in a bridge', modules: ['nft_meta_bridge'] },
  { costs: 'VRFs, taps and captures of netlink', modules: ['vrf', 'tun', 'nlmon'] },
];
