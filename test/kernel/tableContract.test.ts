import { after, before, beforeEach, test } from 'node:test';
import { openIpvs } from '../../firmware/netlink/ipvs.ts';
import { clear, daemonCases, tableCases } from '../contract/ipvsTable.ts';
import { enterNamespace, sh } from './netns.ts';

let table: ReturnType<typeof openIpvs> | undefined;

before(() => {
  enterNamespace();
  sh('ip link add eth1 type dummy; ip addr add 192.0.2.2/24 dev eth1; ip link set eth1 up multicast on');
  table = openIpvs();
});

beforeEach(() => clear(table!));

after(() => {
  clear(table!);
  table!.close();
});

for (const { name, run } of [...tableCases, ...daemonCases('eth1')]) {
  test(`the kernel’s table: ${name}`, () => run(table!));
}
