/** Runs inside the VM, as root: prints `{ ip: Golden, ipvsadm: Golden }` as one line. See main.ts. */
import { spawnSync } from 'node:child_process';
import { release } from 'node:os';
import { NETLINK_GENERIC, NETLINK_ROUTE, NLMSG_ERROR } from '../../../src/codec/netlink/constants.ts';
import { splitMessages } from '../../../src/codec/netlink/message.ts';
import { enterNamespace, sh } from '../netns.ts';
import { IP_COMMANDS, IPVS_COMMANDS, STAGE } from './commands.ts';
import type { Exchanged, Golden, GoldenCommand } from './fixture.ts';
import { NetlinkTap } from './tap.ts';

const GENL_ID_CTRL = 16;

enterNamespace();
for (const command of STAGE) sh(command);
sh('modprobe nlmon; ip link add nlmon0 type nlmon; ip link set nlmon0 up');
const tap = new NetlinkTap('nlmon0');

function record(command: string, protocol: number): GoldenCommand {
  tap.take(protocol);
  const [program = '', ...args] = command.split(' ');
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  return { command, status: status ?? -1, stdout, stderr, datagrams: tap.take(protocol) };
}

/** Whether it is, or answers, a question to generic netlink's controller: ipvsadm asks twice in every run. */
function asksController({ hex }: Exchanged): boolean {
  const [message] = splitMessages(Buffer.from(hex, 'hex'));
  if (message?.type !== NLMSG_ERROR) return message?.type === GENL_ID_CTRL;
  return new DataView(message.payload.buffer, message.payload.byteOffset).getUint16(8, true) === GENL_ID_CTRL;
}

/** The controller's answers once, not in every command. */
const onlyFirst = (commands: readonly GoldenCommand[]): GoldenCommand[] =>
  commands.map((command, index) =>
    index === 0 ? command : { ...command, datagrams: command.datagrams.filter((one) => !asksController(one)) },
  );

const golden = (tool: string, commands: readonly string[], protocol: number, keep: typeof onlyFirst): Golden => ({
  kernel: release(),
  tool: tool.trim(),
  commands: keep(commands.map((command) => record(command, protocol))),
});

const result = {
  ip: golden(sh('ip -V'), IP_COMMANDS, NETLINK_ROUTE, (all) => [...all]),
  ipvsadm: golden(sh('ipvsadm --version'), IPVS_COMMANDS, NETLINK_GENERIC, onlyFirst),
};
process.stdout.write(`${JSON.stringify(result)}\n`);
