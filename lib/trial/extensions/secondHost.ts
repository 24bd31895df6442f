import { DURATIONS } from '../../durations.js';
import type { Probe } from '../../evidence/types.js';
import { groupBy } from '../../groupBy.js';
import { receiversOf } from '../../judge/rules/receivers.js';
import { stackAddresses } from '../../lab/addresses.js';
import { craftKinds } from '../../stimulus/crafted.js';
import { flowPathsOf, type FlowPath } from '../../stimulus/flowPath.js';
import { LackError, need } from '../../testbed/capability.js';
import type { Sender } from '../../topology/model.js';
import { legNamed } from '../../topology/legs.js';
import { secondSendersOf } from '../../topology/secondHost.js';
import { senderNamed, sendersOf } from '../../topology/senders.js';
import { unlessNever, until } from '../../until.js';
import type { KindId } from '../../wire/kinds.js';
import type { RunningHost } from '../runningHost.js';
import { letSpeak, mark, type Window } from '../window.js';

/** One address for which a kernel looked on the other host. */
export interface AskedAcross {
  readonly from: string;
  readonly to: string;
  readonly ip: string;
  /** It knows the MAC now; null where it was not asked, as no answer can come. */
  readonly isAnswered: boolean | null;
}

/** Another host behind the same leaves. Throws LackError where the scenario has none. */
export interface SecondHostSpeaks {
  /**
   * Frames of each kind, on each flow path of each sender of the second host: to the gateway, or to each sender of the first
   * host in that network.
   */
  sendFromSecondHost(
    kinds: readonly KindId[],
    options?: { readonly copies?: number; readonly to?: 'gateway' | 'first-host' },
  ): Promise<readonly Probe[]>;
  /**
   * The kernels of a sender and of its twin on the second host forget each other, and look for each other again: by broadcast
   * ARP request and multicast Neighbor Solicitation, which leaves carry between the hosts.
   *
   * @param options.without a leg of the first host that is out. The leaf there hears only the second host then: what that
   *   one takes in on the leg to it alone cannot be asked for
   */
  askAcross(sender: string, options?: { readonly without?: string }): Promise<readonly AskedAcross[]>;
}

export function secondHostOf(window: Window): SecondHostSpeaks {
  const { lab, answerMs = DURATIONS.neighborAnswer } = window;
  const { topology } = lab;
  const running = (): RunningHost => {
    if (window.secondHost !== undefined) return window.secondHost;
    throw new LackError([
      {
        what: 'a second host behind the same leaves',
        command: `everyleaf check ${topology.name}.yaml`,
        output: 'the scenario has not asked for one: secondHost: true',
      },
    ]);
  };

  /** Resolves when those who must hear these have heard them, or it should long have come: the judge finds what is missing. */
  async function arrived(probes: readonly Probe[]): Promise<void> {
    const receivers = receiversOf(topology);
    const heardBy = (node: string) =>
      probes.filter((probe) => receivers.addressed(probe) === node || receivers.flooded(probe).includes(node));
    await Promise.all(
      window.taps.map(async (tap) => {
        const { role, direction, node } = tap.spec;
        const due = role === 'second-host' ? probes : role === 'sender' && direction === 'in' ? heardBy(node) : [];
        if (due.length === 0) return;
        await tap.missing(
          due.map(({ id }) => id),
          lab.timing.controlFrame,
        );
      }),
    );
  }

  async function looksFor(asker: Sender, owner: Sender, canBeHeard: boolean): Promise<readonly AskedAcross[]> {
    const node = lab.node(asker.node);
    const wanted = stackAddresses(owner).flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6]);
    if (!canBeHeard) return wanted.map((ip) => ({ from: asker.node, to: owner.node, ip, isAnswered: null }));
    await node.exec(['ip', 'neigh', 'flush', 'dev', asker.nic]);
    // Whether the echo comes back does not matter: a leaf may have lost its leg to the other host.
    const asking = await Promise.all(wanted.map((ip) => node.spawn(['ping', '-n', '-q', '-c', '1', ip])));
    const mac = owner.mac.toLowerCase();
    let known: readonly string[] = [];
    await until(`${asker.node} to know ${owner.node}`, answerMs, async () => {
      const { stdout } = await node.exec(['ip', 'neigh', 'show', 'dev', asker.nic]);
      known = wanted.filter((ip) => stdout.split('\n').some((line) => line.startsWith(`${ip} lladdr ${mac} `)));
      return known.length === wanted.length ? true : null;
    }).catch(unlessNever);
    await Promise.all(asking.map((ping) => ping.stop('SIGKILL')));
    return wanted.map((ip) => ({ from: asker.node, to: owner.node, ip, isAnswered: known.includes(ip) }));
  }

  return {
    async sendFromSecondHost(kinds, { copies = 1, to = 'gateway' } = {}) {
      const { topology: seen } = running().lab;
      const own = sendersOf(seen).flatMap((sender) => flowPathsOf(seen, sender));
      const crafted = (to === 'gateway' ? own : own.flatMap((flowPath) => towards(topology, flowPath))).flatMap(
        (flowPath) =>
          craftKinds(flowPath, kinds, copies, { salt: window.salt, nextId: window.nextId, group: 'second host' }),
      );
      const sent = await Promise.all(
        [...groupBy(crafted, ({ sender }) => sender)].map(async ([name, group]) => {
          const { inject } = lab.port(name, senderNamed(seen, name).nic);
          const times = await need(inject)(group.map(({ frame }) => Buffer.from(frame, 'hex')));
          return group.map((probe, at): Probe => ({ ...probe, sentNs: times[at] ?? '0' }));
        }),
      );
      const probes = sent.flat();
      window.lastSentMs = performance.now();
      window.probes.push(...probes);
      await arrived(probes);
      return probes;
    },
    async askAcross(name, { without } = {}) {
      const { plane, lab: own } = running();
      const at = sendersOf(topology).findIndex(({ node }) => node === name);
      const [one, other] = [senderNamed(topology, name), secondSendersOf(topology)[at]];
      if (other === undefined) throw new RangeError(`${name} has no twin on the second host`);
      letSpeak(window, [name]);
      const active = without === undefined ? null : await plane.activeLeg();
      const isCutOff =
        active !== null &&
        without !== undefined &&
        legNamed(own.topology, active).leaf === legNamed(topology, without).leaf;
      const { multicast, unicast } = plane.traits.hears;
      const [hearsAsked, hearsAnswer] = [multicast, unicast].map((legs) => legs === 'all' || !isCutOff);
      if (hearsAsked !== true || hearsAnswer !== true)
        await mark(
          window,
          `${other.node} hears ${hearsAnswer === true ? 'no question' : 'nothing'} of ${name}: the active leg of its host leads to the leaf that has lost the other`,
        );
      return [
        ...(await looksFor(one, other, hearsAsked === true)),
        ...(await looksFor(other, one, hearsAnswer === true)),
      ];
    },
  };
}

/** The same flow path to each sender of the first host in its network. */
function towards(topology: Window['lab']['topology'], flowPath: FlowPath): readonly FlowPath[] {
  return sendersOf(topology)
    .flatMap((sender) => flowPathsOf(topology, sender))
    .filter(({ network }) => network === flowPath.network)
    .map(({ sender: { mac }, ipv4, ipv6 }) => ({ ...flowPath, gatewayMac: mac, gateway4: ipv4, gateway6: ipv6 }));
}
