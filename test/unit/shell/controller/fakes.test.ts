import { test } from 'node:test';
import { daemonCases, tableCases } from '../../../contract/ipvsTable.ts';
import { FakeIpvs } from '../../../fakes/ipvs.ts';

for (const { name, run } of [...tableCases, ...daemonCases('eth1')]) {
  test(`the table in memory: ${name}`, () => run(new FakeIpvs()));
}
