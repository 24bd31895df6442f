/** Durations of ssh connections, each with its reason. Milliseconds unless the name says otherwise. */
export const SSH_TIMING = {
  /** A login takes 0.1 to 0.5 s in a local network; a machine with a slow name service needs some seconds (UseDNS). */
  login: 20_000,
  /**
   * Asked five times, once a second, a machine that does not answer is given up after 5.0 to 6.0 s. A switch whose CPU
   * is busy with a table of routes still answers within a second; a machine with five times more work than cores has
   * needed 4 s.
   */
  keepalive: 1_000,
  keepaliveTries: 5,
  /** How often a far process is told that we still live. */
  beat: 1_000,
  /**
   * A far process that has heard nothing for this long ends itself, seconds. Longer than it takes to give a connection
   * up (6 s), so that a short cut ends nothing that could have gone on.
   */
  leaseSeconds: 10,
  /** A connection that is lost closes its channels first, and its jump host's loss is told before its own. */
  lossTold: 1_000,
  /** A single command; nothing that we run takes that long on a machine that is well. */
  command: 20_000,
} as const;
