import assert from 'node:assert/strict';
import { test } from 'node:test';
import { qemuArgs } from '../../../image/vm/qemu.ts';
import type { VmSpec } from '../../../image/vm/vm.ts';

const spec: VmSpec = {
  name: 'tandem-a',
  memoryMb: 512,
  cpus: 2,
  append: 'tandem.rack',
  kernel: '/cache/vmlinuz',
  initrd: '/cache/initrd',
  disks: [
    { path: '/cache/root, of a', format: 'raw', mode: 'read-only' },
    { path: '/run/data', format: 'raw', mode: 'write' },
    { path: '/run/other', format: 'qcow2', mode: 'snapshot' },
  ],
  nics: [{ id: 'wan', tap: 'a-wan', mac: '02:7a:6d:00:00:02' }],
  serials: [{ socket: '/run/ttyS0' }, { socket: '/run/ttyS1' }],
  qmp: '/run/qmp',
  agent: '/run/agent',
};

/** The values that follow every `option`. */
const values = (args: readonly string[], option: string) => args.filter((_, index) => args[index - 1] === option);

test('disks keep their order, their mode and a comma in their path', () => {
  const drives = values(qemuArgs(spec, 'tcg'), '-drive');
  assert.deepEqual(drives, [
    'if=none,id=disk0,file=/cache/root,, of a,format=raw,cache=unsafe,readonly=on',
    'if=none,id=disk1,file=/run/data,format=raw,cache=unsafe,discard=unmap',
    'if=none,id=disk2,file=/run/other,format=qcow2,cache=unsafe,snapshot=on',
  ]);
});

test('the serial ports, QMP and the agent listen and wait for nobody', () => {
  const sockets = values(qemuArgs(spec, 'tcg'), '-chardev');
  assert.deepEqual(
    sockets.map((socket) => /id=(\w+),path=([^,]+),server=on,wait=off$/.exec(socket)?.slice(1)),
    [
      ['ttyS0', '/run/ttyS0'],
      ['ttyS1', '/run/ttyS1'],
      ['agent', '/run/agent'],
      ['qmp', '/run/qmp'],
    ],
  );
});

test('a NIC is known to QMP by its own id and sits on its tap', () => {
  const args = qemuArgs(spec, 'tcg');
  assert.deepEqual(values(args, '-netdev'), ['tap,id=wan-tap,ifname=a-wan,script=no,downscript=no']);
  assert.ok(values(args, '-device').includes('virtio-net-pci,id=wan,netdev=wan-tap,mac=02:7a:6d:00:00:02,romfile='));
});

test('memory is locked where the box asks for it and the host allows it', () => {
  const locked = (asked: boolean, allowed: boolean) =>
    values(qemuArgs({ ...spec, holdsMemory: asked }, 'tcg', allowed), '-overcommit');
  assert.deepEqual(locked(true, true), ['mem-lock=on']);
  assert.deepEqual([...locked(true, false), ...locked(false, true)], []);
});

test('without an agent there is no port for it', () => {
  const args = qemuArgs({ ...spec, agent: undefined }, 'tcg').join(' ');
  assert.ok(!args.includes('virtserialport'));
});

test('the processor is the host’s under KVM and translated otherwise; nothing comes by default', () => {
  assert.deepEqual(values(qemuArgs(spec, 'kvm'), '-accel'), ['kvm']);
  assert.deepEqual(values(qemuArgs(spec, 'tcg'), '-accel'), ['tcg,thread=multi']);
  for (const option of ['-nodefaults', '-no-user-config']) assert.ok(qemuArgs(spec, 'tcg').includes(option));
  assert.match(values(qemuArgs(spec, 'tcg'), '-append')[0] ?? '', /^root=\/dev\/vda ro .* tandem\.rack$/);
});

test('a counted box is translated on one thread by a clock of instructions, wherever it runs', () => {
  for (const accelerator of ['kvm', 'tcg'] as const) {
    const args = qemuArgs({ ...spec, counted: true }, accelerator);
    assert.deepEqual(values(args, '-accel'), ['tcg,thread=single']);
    assert.deepEqual(values(args, '-icount'), ['shift=0,sleep=off']);
  }
  assert.deepEqual(values(qemuArgs(spec, 'tcg'), '-icount'), []);
});
