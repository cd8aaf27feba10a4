import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openSysctls } from '../../../firmware/sysctl.ts';

const root = mkdtempSync(join(tmpdir(), 'tandem-sysctl-'));
after(() => rmSync(root, { recursive: true }));
mkdirSync(join(root, 'net/ipv4/conf/eth0.100'), { recursive: true });
writeFileSync(join(root, 'net/ipv4/ip_forward'), '0\n');
writeFileSync(join(root, 'net/ipv4/conf/eth0.100/rp_filter'), '2\n');
const sysctls = openSysctls(root);

test('a setting is read and written by its dotted name', () => {
  assert.equal(sysctls.get('net.ipv4.ip_forward'), '0');
  sysctls.set('net.ipv4.ip_forward', '1');
  assert.equal(sysctls.get('net.ipv4.ip_forward'), '1');
  assert.match(readFileSync(join(root, 'net/ipv4/ip_forward'), 'utf8'), /^1/);
});

test('a dot within a device name is written as a slash', () => {
  assert.equal(sysctls.get('net.ipv4.conf.eth0/100.rp_filter'), '2');
});

test('what the kernel does not have reads as undefined and cannot be set', () => {
  assert.equal(sysctls.get('net.ipv4.vs.conntrack'), undefined);
  assert.equal(sysctls.get('net.ipv4.ip_forward.more'), undefined);
  assert.throws(() => sysctls.set('net.ipv4.vs.conntrack', '1'), {
    code: 'kernel-refused',
    message: 'setting net.ipv4.vs.conntrack to "1": ENOENT',
    remedy: /module is not loaded/,
  });
});

test('a name never leads out of /proc/sys', () => {
  for (const name of ['', 'net..ip_forward', 'net.//.passwd', 'net./', 'a\0b']) {
    assert.throws(() => sysctls.get(name), { code: 'bad-request', remedy: /net\.ipv4\.ip_forward/ });
  }
});
