import { readdirSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { run } from '../../../image/build/run.ts';
import { World } from '../../../image/rack/net.ts';
import { RealServer } from '../../../image/rack/servers.ts';

/** The other half of world.test.ts: runs inside fresh namespaces and prints what it finds as one JSON object. */
const world = await World.make(process.argv[2]!);
await Promise.all(([1, 2, 3] as const).map((number) => new RealServer(world, number).start()));

async function inside(where: Parameters<World['argvIn']>[0], command: string): Promise<string> {
  const [program = '', ...args] = world.argvIn(where, ['sh', '-c', command]);
  return (await run(program, args)).trim();
}

const ask = `node -e "fetch('http://192.0.2.12:8080/').then((r) => r.text()).then(console.log)"`;
const found = {
  answer: await inside('s1', ask),
  links: await inside('rack', 'ip -br link'),
  bridge: await inside('rack', 'ip -d link show wan'),
  routes: await inside('rack', 'ip route'),
  client: await inside('client', 'ip route'),
  gateway: await inside('gateway', 'cat /proc/sys/net/ipv4/ip_forward; ip -br -4 address'),
  server: await inside('s3', 'ip route'),
  processes: readdirSync('/proc').filter((name) => /^\d+$/.test(name)).length,
  own: Object.keys(networkInterfaces()),
};
process.stdout.write(`${JSON.stringify(found)}\n`);
// Whatever runs here ends with this process: nothing is stopped one by one.
process.exit(0);
