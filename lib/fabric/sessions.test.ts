import { expect, test } from '@playwright/test';
import { unestablished } from './sessions.js';

const ENDS = { ipv4: '192.0.2.0', ipv6: '2001:db8::' };
const summary = (ipv4: string, ipv6: string): string =>
  JSON.stringify({
    ipv4Unicast: { peers: { [ENDS.ipv4]: { state: ipv4 } } },
    ipv6Unicast: { peers: { [ENDS.ipv6]: { state: ipv6 } } },
  });

test('a session is up only when its own family says Established', () => {
  expect(unestablished(summary('Established', 'Established'), ENDS)).toEqual([]);
  expect(unestablished(summary('Established', 'Active'), ENDS)).toEqual(['2001:db8:: Active']);
  expect(unestablished(summary('OpenConfirm', 'Established'), ENDS)).toEqual(['192.0.2.0 OpenConfirm']);
});

test('a daemon that says nothing of a session has none', () => {
  for (const said of ['', '{}', 'Exiting: failed to connect to any daemons.', '{"ipv4Unicast":{}}'])
    expect(unestablished(said, ENDS), said).toEqual(['192.0.2.0 unknown', '2001:db8:: unknown']);
});
