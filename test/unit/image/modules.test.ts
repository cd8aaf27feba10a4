import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { closure, neededAtRunTime } from '../../../image/build/modules.ts';
import { TandemError } from '../../../src/model/error.ts';

const modules = join(import.meta.dirname, '../../../node_modules');

test('only compiled code for linux-x64 with glibc goes into the box', () => {
  const needed = [
    'index.js',
    'src/koffi/index.js',
    'package.json',
    'build/Release/epoll.node',
    'linux_x64/koffi.node',
    'prebuilds/linux-x64.node',
    'prebuilds/linux-x64/@serialport+bindings-cpp.glibc.node',
  ];
  const not = [
    'musl_x64/koffi.node',
    'prebuilds/linuxmusl-x64.node',
    'prebuilds/linux-arm64.node',
    'prebuilds/win32-x64/@serialport+bindings-cpp.node',
    'build/Release/obj.target/epoll.node',
    'src/better_sqlite3.cpp',
    'index.d.ts',
    'deps/sqlite3/sqlite3.c',
  ];
  for (const path of needed) assert.ok(neededAtRunTime(path), path);
  for (const path of not) assert.ok(!neededAtRunTime(path), path);
});

test('a package brings what it depends on, and the compiled code of this platform alone', async () => {
  const names = [...(await closure(['koffi', 'epoll'], modules)).keys()];
  assert.ok(names.includes('@koromix/koffi-linux-x64'));
  assert.ok(names.includes('bindings'));
  assert.ok(!names.some((name) => name.includes('darwin')));
});

test('a package that is not installed is refused by name', async () => {
  await assert.rejects(closure(['no-such-package-here'], modules), (error: unknown) => {
    return error instanceof TandemError && error.message.includes('no-such-package-here');
  });
});
