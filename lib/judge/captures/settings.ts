/**
 * How frames without tokens are taken for copies of each other. All in ns, in one place, because a verdict on captures
 * from production stands on them; docs/judging-captures.md explains them to the person on call.
 */
export const PAIRING = {
  /**
   * Identical frames on different leaves this close together are copies of one frame. Copies were seen 67 us (ARP) and
   * 1.1 ms (NA) apart in the field.
   */
  copyNs: 5_000_000,
  /**
   * Identical frames on one leaf this close together are a duplicate; further apart they are two frames. No stack
   * repeats a neighbor frame that fast, apart from gratuitous bursts without a pause, which look like duplicates.
   */
  repeatNs: 2_000_000,
  /**
   * Frames that are alike but not identical (another MAC, tag or nonce) and this close together are altered copies; and
   * the edge of the window that is left out.
   */
  pairNs: 50_000_000,
  /** An identical frame this much later is a late copy, as long as nothing nearer claims it. */
  lateNs: 2_000_000_000,
  /**
   * No kernel asks the same again this soon: RFC 4861 waits RetransTimer (1 s) and RFC 5227 1 s between probes; Linux
   * asks every second for ARP, too, and what is set to ask faster is set to some hundred milliseconds.
   */
  encoreNs: 200_000_000,
  /** Without a measurable clock offset, captures are trusted this far. */
  assumedNs: 1_000_000_000,
} as const;

/**
 * Bytes of a data frame's packet that make its identity: both headers with their checksums, sequence numbers and
 * identifications, also over IPv6.
 */
export const DATA_BYTES = 60;

/**
 * The same where a packet may stand in a packet (IPv6, GRE, SRv6, ESP), as far in that the inner one tells: all packets
 * of a tunnel over IPv6 begin alike.
 */
export const TUNNEL_BYTES = 120;

/** Senders that `--hosts auto` keeps apart in one capture. */
export const MOST_HOSTS = 4_096;
