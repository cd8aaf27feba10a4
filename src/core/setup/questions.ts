import type { z } from 'zod';
import { documentSchema, heartbeatSchema, serverSchema, serviceSchema } from '../../model/document.ts';
import { printValue } from '../../model/faults.ts';
import { judge } from '../../model/judge.ts';
import { nodeSchema } from '../../model/node.ts';
import { type NodeId, peerOf } from '../../model/pair.ts';
import { shortestInterval } from '../../model/serialLine.ts';
import { USUAL_BEAT } from '../../model/usualBeat.ts';
import { type Answers, answersOf, isSecond, MAX_SERVERS, ownName, splitServer } from './answers.ts';
import type { Interview, Nic } from './types.ts';

/** The questions of the wizard and of `change network`, in their order, as data. What is right comes from the schemas. */

export interface Question {
  readonly key: string;
  /** Stands before the colon that the answer follows. */
  readonly prompt: string;
  /** One sentence above it. */
  readonly help: string;
  /** Taken for an empty line; undefined = an answer is needed. */
  readonly usual: string | undefined;
  /** `-`, or an empty line where nothing is usual, means none. */
  readonly optional?: true;
  /** The NICs' live link state is shown first. */
  readonly nics?: true;
  /** Where the answer stands in the document, as faults print it; undefined = it does not. */
  readonly path: string | undefined;
  /** What would be right; undefined when the text is. */
  readonly judge: (text: string) => string | undefined;
}

/** Judges text by a field's schema; digits are a number where the field is one. */
const by =
  (schema: z.ZodType, number = false) =>
  (text: string): string | undefined => {
    const value = number && /^\d{1,9}$/.test(text) ? Number(text) : text;
    const judged = judge(schema, value);
    return judged.ok ? undefined : judged.faults[0]?.remedy;
  };

const helpOf = (schema: z.ZodType): string => {
  const help = schema.meta()?.help;
  return typeof help === 'string' ? help : '';
};

const oneOf =
  (words: readonly string[]) =>
  (text: string): string | undefined =>
    words.includes(text) ? undefined : `give one of: ${words.join(', ')}`;

const nodeAddresses = documentSchema.shape.nodes.shape;
const floats = documentSchema.shape.floats.shape;

function nicQuestion(side: 'public' | 'private', nics: readonly Nic[], answers: Answers): Question {
  const taken = side === 'private' ? answers.get('nic.public') : undefined;
  const free = nics.filter(({ device }) => device !== taken);
  const usual = (free.find(({ carrier }) => carrier) ?? free[0])?.device;
  const judge = (text: string): string | undefined => {
    if (text === taken) return 'give the private side its own NIC';
    if (nics.length > 0 && !nics.some(({ device }) => device === text))
      return `give one of this box’s NICs: ${free.map(({ device }) => device).join(', ')}`;
    return by(nodeSchema.shape[side].shape.device)(text);
  };
  const help = side === 'public' ? 'the NIC on the clients’ side' : 'the NIC on the real servers’ side';
  return {
    key: `nic.${side}`,
    prompt: `${side} NIC`,
    help: `${help}; ? looks at the cables again`,
    usual,
    nics: true,
    path: undefined,
    judge,
  };
}

function addressQuestion(node: NodeId, side: 'public' | 'private', whose: string): Question {
  const schema = nodeAddresses[node].shape[side];
  return {
    key: `${node}.${side}`,
    prompt: `${whose} ${side} address`,
    help: `${helpOf(schema)}, with the length of its network`,
    usual: undefined,
    path: `nodes.${node}.${side}`,
    judge: by(schema),
  };
}

const gatewayQuestion: Question = {
  key: 'gateway',
  prompt: 'gateway',
  help: `${helpOf(documentSchema.shape.gateway.unwrap())}; - for none`,
  usual: undefined,
  optional: true,
  path: 'gateway',
  judge: by(documentSchema.shape.gateway),
};

const floatQuestion = (side: 'public' | 'private'): Question => ({
  key: `float.${side}`,
  prompt: `${side} float`,
  help: `${helpOf(floats[side].shape.address)}; it moves between the routers`,
  usual: undefined,
  path: `floats.${side}.address`,
  judge: by(floats[side].shape.address),
});

function network(own: NodeId): Question[] {
  const twin = peerOf(own);
  return [
    addressQuestion(own, 'public', 'own'),
    addressQuestion(own, 'private', 'own'),
    addressQuestion(twin, 'public', 'twin’s'),
    addressQuestion(twin, 'private', 'twin’s'),
    gatewayQuestion,
    floatQuestion('public'),
    floatQuestion('private'),
  ];
}

function serverQuestion(number: number): Question {
  const judge = (text: string): string | undefined => {
    const { address, port } = splitServer(text);
    return by(serverSchema.shape.address)(address) ?? (port === undefined ? undefined : portFault(port));
  };
  return {
    key: `server.${number}`,
    prompt: `real server ${number}`,
    help: number === 1 ? 'address or address:port of each real server; - when there is no more' : '',
    usual: undefined,
    optional: true,
    path: `services[0].servers[${number - 1}]`,
    judge,
  };
}

function portFault(port: number | string): string | undefined {
  const parsed = serverSchema.shape.port.safeParse(port);
  return parsed.success ? undefined : `${parsed.error.issues[0]?.message ?? ''} after the colon`;
}

function service(answers: Answers): Question[] {
  const { name, protocol, port } = serviceSchema.shape;
  const asked: Question[] = [
    {
      key: 'service.name',
      prompt: 'first virtual service',
      help: `name ${helpOf(name)}`,
      usual: 'web',
      path: 'services[0].name',
      judge: by(name),
    },
    {
      key: 'service.protocol',
      prompt: 'its protocol',
      help: `tcp or udp: ${helpOf(protocol)}`,
      usual: 'tcp',
      path: 'services[0].protocol',
      judge: by(protocol),
    },
    {
      key: 'service.port',
      prompt: 'its port',
      help: `on the public float, ${helpOf(port.unwrap())}`,
      usual: '80',
      path: 'services[0].port',
      judge: by(port.unwrap(), true),
    },
  ];
  for (let number = 1; number <= MAX_SERVERS; number += 1) {
    asked.push(serverQuestion(number));
    if (!answers.get(`server.${number}`)) break;
  }
  return asked;
}

const lineQuestion: Question = {
  key: 'line',
  prompt: 'line to the twin',
  help: helpOf(nodeSchema.shape.peer_line.unwrap()),
  usual: '/dev/ttyS1',
  path: undefined,
  judge: by(nodeSchema.shape.peer_line),
};

const baudQuestion: Question = {
  key: 'baud',
  prompt: 'its speed in bit/s',
  help: 'the same on both boxes',
  usual: '115200',
  path: 'heartbeat.serial_baud',
  judge: by(heartbeatSchema.shape.serial_baud, true),
};

function peer(answers: Answers): Question[] {
  const { interval_ms, deadline_ms } = heartbeatSchema.shape;
  const interval = Math.max(USUAL_BEAT.intervalMs, shortestInterval(Number(answers.get('baud') || 115_200)));
  const given = Number(answers.get('interval') || interval);
  return [
    lineQuestion,
    baudQuestion,
    {
      key: 'interval',
      prompt: 'heartbeat every (ms)',
      help: 'a slow line needs a longer interval',
      usual: String(interval),
      path: 'heartbeat.interval_ms',
      judge: by(interval_ms, true),
    },
    {
      key: 'deadline',
      prompt: 'deadline (ms)',
      help: 'silence after which the twin is taken for dead; at least three heartbeats',
      usual: String(Math.max(USUAL_BEAT.deadlineMs, 4 * given)),
      path: 'heartbeat.deadline_ms',
      judge: by(deadline_ms, true),
    },
  ];
}

const placeQuestion: Question = {
  key: 'place',
  prompt: 'first or second',
  help: 'first: you type the pair’s document here. second: its twin is set up and hands it over on the serial cable',
  usual: 'first',
  path: undefined,
  judge: oneOf(['first', 'second']),
};

/** What the code looks like; the letters that are taken for digits are not in it. */
export const CODE = /^[2-9a-hjkmnp-z]{4}-?[2-9a-hjkmnp-z]{4}$/i;

const codeQuestion: Question = {
  key: 'code',
  prompt: 'code',
  help: 'that the first box shows: at the end of its wizard, or in its console’s menu under pair',
  usual: undefined,
  path: undefined,
  judge: (text) =>
    CODE.test(text) ? undefined : 'give the eight letters and digits that the first box shows, like k7pw-3xnd',
};

/** Asked in this order: an answer may bring questions that stand after it. */
export function questionsOf(interview: Interview): readonly Question[] {
  const answers = answersOf(interview);
  if (interview.flow === 'network') return network(ownName(new Map(Object.entries(interview.remembered))));
  const nics = [nicQuestion('public', interview.nics, answers), nicQuestion('private', interview.nics, answers)];
  if (isSecond(answers))
    return [placeQuestion, lineQuestion, { ...baudQuestion, path: undefined }, codeQuestion, ...nics];
  const name: Question = {
    key: 'name',
    prompt: 'name of the pair',
    help: `name ${helpOf(documentSchema.shape.name)}`,
    usual: 'tandem',
    path: 'name',
    judge: by(documentSchema.shape.name),
  };
  const node: Question = {
    key: 'node',
    prompt: 'this box is router',
    help: 'a or b; a wins a tie',
    usual: 'a',
    path: undefined,
    judge: by(nodeSchema.shape.name),
  };
  return [placeQuestion, name, node, ...nics, ...network(ownName(answers)), ...service(answers), ...peer(answers)];
}

/** The first question without an answer. */
export function nextQuestion(interview: Interview): Question | undefined {
  const answered = new Set(interview.given.map(({ key }) => key));
  return questionsOf(interview).find(({ key }) => !answered.has(key));
}

/** What an empty line would answer. */
export const usualOf = (question: Question, interview: Interview): string | undefined =>
  interview.remembered[question.key] || question.usual;

/** A refusal as everywhere: field, value, what would be right. */
export const refusal = (field: string, value: string, remedy: string): string =>
  `  ${field}: ${printValue(value)} — ${remedy}`;
