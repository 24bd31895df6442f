import { ARP, ND, NEIGHBOR, NONCES, rules, setPriority, tagged, write } from './frames.js';
import type { Lab } from '../../testbed/lab.js';
import { byRules, ifPromised, ifTaggedIsPromised, oneLeg, toLeaf, type Told } from './make.js';
import type { Tamper } from './types.js';

const OTHER_MAC = '02:00:00:00:5a:5b';
const OTHER_PRIORITY = 6;

/**
 * Last byte of the target address: in ARP (RFC 826), in an NS or NA (RFC 4861 4.3: after 40 bytes of IPv6 and 8 of
 * ICMPv6).
 */
const ARP_TARGET_END = 27;
const ND_TARGET_END = 40 + 8 + 15;
/** After the target (16 bytes), and type and length of the option. */
const NONCE = 40 + 8 + 16 + 2;

const onOneLeg = (told: Omit<Told, 'mustFind'>, rulesOf: readonly string[]): Tamper =>
  byRules({ ...told, mustFind: ['identity'] }, (lab: Lab) => [toLeaf(lab, oneLeg(lab), rulesOf)]);

/** Tampers that change frames on the way. */
export const ALTERATIONS: readonly Tamper[] = [
  onOneLeg(
    {
      name: 'change-source-mac',
      description: "On one leg neighbor frames have a source MAC that is not their sender's.",
    },
    rules(NEIGHBOR, `ether saddr set ${OTHER_MAC}`),
  ),
  onOneLeg({ name: 'alter-target', description: 'On one leg neighbor frames ask for, or tell, another address.' }, [
    ...write(ARP, ARP_TARGET_END, 1, '0xfd'),
    ...write(ND, ND_TARGET_END, 1, '0xfd'),
  ]),
  onOneLeg(
    {
      name: 'alter-nonce',
      description: 'On one leg the nonce of duplicate address detection is another one.',
      suits: ifPromised(['ns-dad-nonce']),
    },
    write(NONCES, NONCE, 4, '0xdeadbeef'),
  ),
  onOneLeg(
    {
      name: 'change-priority',
      description: `On one leg tagged neighbor frames have priority ${OTHER_PRIORITY}, whatever they had.`,
      suits: ifTaggedIsPromised,
    },
    rules(tagged(NEIGHBOR), setPriority(OTHER_PRIORITY)),
  ),
];
