import { mkdir, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { parseAddress, resolveMachine, type SshTarget } from './resolve.js';

const target = (host: string, more: Partial<SshTarget> = {}): SshTarget => ({
  name: host,
  host,
  port: null,
  user: null,
  via: null,
  sudo: false,
  keyFiles: [],
  agent: false,
  knownHosts: [],
  password: null,
  ...more,
});

const CONFIG = `
Include inner
Host leaf-* !leaf-z
  User admin
  ProxyJump qa@gate:2200,inner
  HostKeyAlias the-leaf
Host gate
  HostName 192.0.2.1
  User nobody
  ProxyJump outer
Host odd
  ProxyCommand nc %h %p
Host a
  ProxyJump b
Host b
  ProxyJump a
Host *
  UserKnownHostsFile ~/one /two
  IdentityAgent none
`;

test('a machine is filled in from the configuration of the user, with includes, patterns and jump hosts', async ({}, info) => {
  await mkdir(info.outputDir, { recursive: true });
  const file = info.outputPath('config');
  await writeFile(info.outputPath('inner'), 'Host leaf-a\n  HostName 192.0.2.10\n  Port 2222\n');
  await writeFile(file, CONFIG.replace('Include inner', `Include ${info.outputPath('inner')}`));
  const leaf = await resolveMachine(target('leaf-a', { knownHosts: ['~/mine'] }), file);
  expect(leaf).toMatchObject({ name: 'leaf-a', host: '192.0.2.10', port: 2222, user: 'admin', keyAlias: 'the-leaf' });
  const home = userInfo().homedir;
  expect(leaf.knownHosts.slice(0, 3)).toEqual([join(home, 'mine'), join(home, 'one'), '/two']);
  expect(leaf.identity.agent).toBeNull();
  const jumps = leaf.via.map(({ user, host, port, via }) => [user, host, port, via.length]);
  const me = userInfo().username;
  expect(jumps).toEqual([
    [me, 'outer', 22, 0],
    ['qa', '192.0.2.1', 2200, 0],
    [me, 'inner', 22, 0],
  ]);
  // What is named counts more than what is configured.
  const own = await resolveMachine(target('leaf-a', { user: 'me', port: 22, via: [] }), file);
  expect(own).toMatchObject({ user: 'me', port: 22, via: [] });
  expect((await resolveMachine(target('leaf-z'), file)).user).toBe(me);
  await expect(resolveMachine(target('odd'), file)).rejects.toThrow(
    'odd: your configuration of ssh reaches odd by a ProxyCommand',
  );
  await expect(resolveMachine(target('a'), file)).rejects.toThrow('more than 8 jump hosts');
  await expect(resolveMachine(target('-oProxyCommand=x'), file)).rejects.toThrow('is no host name');
});

test('the password of a machine is not that of its jump hosts', async ({}, info) => {
  await mkdir(info.outputDir, { recursive: true });
  await writeFile(info.outputPath('config'), CONFIG.replace('Include inner', ''));
  const password = () => Promise.resolve('secret');
  const leaf = await resolveMachine(target('leaf-a', { password }), info.outputPath('config'));
  expect(leaf.identity.password).toBe(password);
  expect(leaf.via.map(({ identity }) => identity.password)).toEqual([null, null, null]);
});

for (const [text, user, host, port] of [
  ['leaf-a', null, 'leaf-a', null],
  ['qa@leaf-a:2222', 'qa', 'leaf-a', 2222],
  ['ssh://qa@leaf-a', 'qa', 'leaf-a', null],
  ['[2001:db8::1]:2222', null, '2001:db8::1', 2222],
  ['qa@2001:db8::1', 'qa', '2001:db8::1', null],
] as const)
  test(`an address is read: ${text}`, () => expect(parseAddress(text)).toEqual({ user, host, port }));

test('what is no address is not read as one', () => {
  for (const text of ['', '@x', 'a b@', 'x:port', 'x:123456', '[::1'] as const)
    expect(parseAddress(text), text).toBeNull();
});
