import { SERVERS, type ServerNumber, serverAddress } from '../figure.ts';

/** What operators do to a pair at random, from a seed: every step follows from the one before and a throw of dice. */

export type ServerName = `s${ServerNumber}`;

export interface Service {
  readonly name: string;
  readonly port: number;
  readonly scheduler: string;
  readonly check: 'tcp' | 'none';
  /** Weight of each of its servers. */
  readonly servers: Readonly<Partial<Record<ServerName, number>>>;
}

/** The services that are changed, beside those of the figure, which nobody touches. */
export interface Crowd {
  readonly services: readonly Service[];
  /** As `tandem drain` names them: `churn3/s2`. */
  readonly drained: readonly string[];
}

export const EMPTY: Crowd = { services: [], drained: [] };

export const KINDS = [
  'add-service',
  'remove-service',
  'add-server',
  'remove-server',
  'weight',
  'scheduler',
  'drain',
  'enable',
] as const;
export type Move = (typeof KINDS)[number];
export type Kind = Move | 'mistake';

export interface Change {
  readonly kind: Kind;
  /** What it is about, for people. */
  readonly what: string;
  /** To be asked of the controller: the crowd's whole document, or a word about one server. */
  readonly ask: { readonly do: 'apply'; readonly services: readonly Entry[] } | Word;
  /** What stands afterwards. */
  readonly crowd: Crowd;
}

interface Word {
  readonly do: 'drain' | 'enable';
  readonly server: string;
}

/** Of the document. */
export type Entry = Readonly<Record<string, unknown>>;

/** So many services come and go, each with a port of its own. */
const SLOTS = 8;
const FIRST_PORT = 9100;
/** Where the real servers answer HTTP. */
const SERVER_PORT = 8080;
const SCHEDULERS = ['rr', 'wrr', 'lc', 'wlc'] as const;
const MOST_WEIGHT = 4;
/** One change of so many is one that must be refused. */
const MISTAKES = 15;
const NAMES = SERVERS.map((number): ServerName => `s${number}`);

export const portOf = (slot: number): number => FIRST_PORT + slot;

/** As the document has them. */
export const entriesOf = (services: readonly Service[]): Entry[] =>
  services.map(({ name, port, scheduler, check, servers }) => ({
    ...{ name, protocol: 'tcp', port, scheduler },
    check: check === 'none' ? { type: 'none' } : { type: 'tcp', interval_ms: 1000, timeout_ms: 500, rise: 2, fall: 2 },
    servers: NAMES.flatMap((server, index) =>
      servers[server] === undefined
        ? []
        : [{ name: server, address: serverAddress(SERVERS[index]!), port: SERVER_PORT, weight: servers[server] }],
    ),
  }));

/** @param chance 0 up to 1, anew at each call. */
type Chance = () => number;

const below = (chance: Chance, count: number): number => Math.floor(chance() * count);
const oneOf = <T>(chance: Chance, list: readonly T[]): T | undefined => list[below(chance, list.length)];

const put = (crowd: Crowd, service: Service): Crowd => ({
  ...crowd,
  services: crowd.services.map((one) => (one.name === service.name ? service : one)),
});

/** A server that is no more in the document is not drained any more (`tandem drain`). */
const settled = (crowd: Crowd): Crowd => ({
  ...crowd,
  drained: crowd.drained.filter((name) => all(crowd).includes(name)),
});

const all = ({ services }: Crowd): string[] =>
  services.flatMap(({ name, servers }) => Object.keys(servers).map((server) => `${name}/${server}`));

function apply(kind: Kind, what: string, crowd: Crowd): Change {
  return { kind, what, ask: { do: 'apply', services: entriesOf(crowd.services) }, crowd: settled(crowd) };
}

/** One of these is possible on any crowd but for those that answer undefined. */
const MOVES: Readonly<Record<Move, (crowd: Crowd, chance: Chance) => Change | undefined>> = {
  'add-service': (crowd, chance) => {
    const free = Array.from({ length: SLOTS }, (_, slot) => slot).filter(
      (slot) => !crowd.services.some(({ port }) => port === portOf(slot)),
    );
    const slot = oneOf(chance, free);
    if (slot === undefined) return undefined;
    const servers = Object.fromEntries(NAMES.filter(() => chance() < 0.7).map((name) => [name, 1]));
    const service: Service = {
      name: `churn${slot}`,
      port: portOf(slot),
      scheduler: oneOf(chance, SCHEDULERS)!,
      check: chance() < 0.5 ? 'tcp' : 'none',
      servers: Object.keys(servers).length > 0 ? servers : { s1: 1 },
    };
    return apply('add-service', service.name, { ...crowd, services: [...crowd.services, service] });
  },
  'remove-service': (crowd, chance) => {
    const gone = oneOf(chance, crowd.services);
    if (gone === undefined) return undefined;
    const services = crowd.services.filter((one) => one !== gone);
    return apply('remove-service', gone.name, { ...crowd, services });
  },
  'add-server': (crowd, chance) => {
    const service = oneOf(chance, crowd.services);
    const name =
      service &&
      oneOf(
        chance,
        NAMES.filter((one) => service.servers[one] === undefined),
      );
    if (service === undefined || name === undefined) return undefined;
    return apply(
      'add-server',
      `${service.name}/${name}`,
      put(crowd, { ...service, servers: { ...service.servers, [name]: 1 } }),
    );
  },
  'remove-server': (crowd, chance) => {
    const service = oneOf(chance, crowd.services);
    const names = service === undefined ? [] : NAMES.filter((one) => service.servers[one] !== undefined);
    const name = oneOf(chance, names);
    if (service === undefined || name === undefined || names.length < 2) return undefined;
    const { [name]: _, ...servers } = service.servers;
    return apply('remove-server', `${service.name}/${name}`, put(crowd, { ...service, servers }));
  },
  weight: (crowd, chance) => {
    const service = oneOf(chance, crowd.services);
    const name =
      service &&
      oneOf(
        chance,
        NAMES.filter((one) => service.servers[one] !== undefined),
      );
    if (service === undefined || name === undefined) return undefined;
    const old = service.servers[name]!;
    const weight = (old + 1 + below(chance, MOST_WEIGHT)) % (MOST_WEIGHT + 1);
    const servers = { ...service.servers, [name]: weight };
    return apply('weight', `${service.name}/${name} ${old} to ${weight}`, put(crowd, { ...service, servers }));
  },
  scheduler: (crowd, chance) => {
    const service = oneOf(chance, crowd.services);
    if (service === undefined) return undefined;
    const scheduler = oneOf(
      chance,
      SCHEDULERS.filter((one) => one !== service.scheduler),
    )!;
    return apply(
      'scheduler',
      `${service.name} ${service.scheduler} to ${scheduler}`,
      put(crowd, { ...service, scheduler }),
    );
  },
  drain: (crowd, chance) => {
    const server = oneOf(
      chance,
      all(crowd).filter((name) => !crowd.drained.includes(name)),
    );
    if (server === undefined) return undefined;
    const next = { ...crowd, drained: [...crowd.drained, server] };
    return { kind: 'drain', what: server, ask: { do: 'drain', server }, crowd: next };
  },
  enable: (crowd, chance) => {
    const server = oneOf(chance, crowd.drained);
    if (server === undefined) return undefined;
    const next = { ...crowd, drained: crowd.drained.filter((name) => name !== server) };
    return { kind: 'enable', what: server, ask: { do: 'enable', server }, crowd: next };
  },
};

/** What operators get wrong; each must be refused and change nothing. */
function mistake(crowd: Crowd, chance: Chance): Change {
  const [first = { name: 'none', port: portOf(0) }] = entriesOf(crowd.services);
  const spoilt: readonly (readonly [string, Change['ask']])[] = [
    ['drains a server that there is not', { do: 'drain', server: `churn${SLOTS}/s1` }],
    [
      'two services on one port',
      { do: 'apply', services: [...entriesOf(crowd.services), first, { ...first, name: 'twice' }] },
    ],
    ['a service without a port', { do: 'apply', services: [...entriesOf(crowd.services), { name: 'portless' }] }],
  ];
  const [what, ask] = oneOf(chance, spoilt)!;
  return { kind: 'mistake', what, ask, crowd };
}

/** The next thing that is done to this crowd. */
export function nextChange(crowd: Crowd, chance: Chance): Change {
  if (below(chance, MISTAKES) === 0) return mistake(crowd, chance);
  for (;;) {
    const move = MOVES[oneOf(chance, KINDS)!](crowd, chance);
    if (move !== undefined) return move;
  }
}

/** Where a server of the crowd stands after a change, by `churn3/s2`: those that are nowhere to be found are out. */
export type Standing = 'in' | 'drained' | 'out';

export function standings(crowd: Crowd): ReadonlyMap<string, Standing> {
  return new Map(all(crowd).map((name) => [name, crowd.drained.includes(name) ? 'drained' : 'in']));
}
