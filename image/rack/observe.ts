import { type NodeId, SIDES, type Side } from '../../src/model/pair.ts';
import type { Leds, Power } from './box.ts';
import { NODES, SERVERS } from './figure.ts';
import type { Second } from './programs/client.ts';
import type { Rack } from './rack.ts';

export interface BoxFacts {
  readonly power: Power;
  /** Whether something in the box answered the last question. */
  readonly answers: boolean;
  /** Of the pair lane; undefined when it or the controller is silent. */
  readonly role: string | undefined;
  readonly term: number | undefined;
  readonly ready: boolean | undefined;
  /** The latest that its lane woke in the last 10 s, ms. */
  readonly lateMs: number | undefined;
  /** As the box's kernel shows its addresses. */
  readonly floats: Readonly<Record<Side, boolean>>;
  /** Network cables plugged in. */
  readonly cables: Readonly<Record<Side, boolean>>;
  /** Links by name, whether the twin is heard on them. */
  readonly heard: Readonly<Record<string, boolean>>;
  readonly alarms: readonly string[];
  /** The front panel as its chip has it; undefined when the box does not answer. */
  readonly leds: Leds | undefined;
}

export interface ServerFacts {
  readonly name: string;
  readonly running: boolean;
  readonly slowMs: number;
  /** Judged by each box's checks; undefined when the box does not say. */
  readonly up: Readonly<Record<NodeId, boolean | undefined>>;
}

/** What `status` shows and the picture draws. */
export interface Facts {
  /** The one box that is active; undefined when none or both say so. */
  readonly active: NodeId | undefined;
  readonly boxes: Readonly<Record<NodeId, BoxFacts>>;
  readonly cable: string;
  readonly servers: readonly ServerFacts[];
  readonly client: Second | undefined;
}

/** Asks both boxes and gathers what the rack itself knows. Takes as long as the slower box does. */
export async function observe(rack: Rack): Promise<Facts> {
  const [looks, panels] = await Promise.all([
    Promise.all(NODES.map((node) => rack.box(node).look())),
    Promise.all(NODES.map((node) => rack.box(node).leds())),
  ]);
  const of = (node: NodeId) => looks[NODES.indexOf(node)];
  const facts = (node: NodeId): BoxFacts => {
    const box = rack.box(node);
    const look = of(node);
    const lane = look?.status?.lane ?? undefined;
    const alarms = [...(look?.status?.alarms ?? []), ...(lane?.alarms ?? [])].map((alarm) => alarm.text);
    return {
      power: box.power,
      answers: look !== undefined,
      role: lane?.role,
      term: lane?.term,
      ready: lane?.ready,
      lateMs: lane?.lateMs,
      floats: look?.floats ?? { public: false, private: false },
      cables: { public: box.link('public'), private: box.link('private') },
      heard: Object.fromEntries((lane?.links ?? []).map((link) => [link.link, link.heard])),
      alarms: [...new Set(alarms)],
      leds: panels[NODES.indexOf(node)],
    };
  };
  const boxes = { a: facts('a'), b: facts('b') };
  const verdict = (node: NodeId, name: string): boolean | undefined => {
    const servers = of(node)?.status?.services.flatMap((service) => service.servers);
    const mine = servers?.filter((server) => server.name === name);
    return mine === undefined || mine.length === 0 ? undefined : mine.every((server) => server.up);
  };
  const servers = SERVERS.map((number): ServerFacts => {
    const { name, running, slowness } = rack.server(number);
    return { name, running, slowMs: slowness, up: { a: verdict('a', name), b: verdict('b', name) } };
  });
  const active = NODES.filter((node) => boxes[node].role === 'active');
  return {
    active: active.length === 1 ? active[0] : undefined,
    boxes,
    cable: rack.cable.state,
    servers,
    client: rack.client.last,
  };
}

/** Where a float is, in words: `a`, `nobody`, or both when that ever happens. */
export function holderOf(facts: Facts, side: Side): string {
  const holders = NODES.filter((node) => facts.boxes[node].floats[side]);
  return holders.length === 0 ? 'nobody' : holders.join(' and ');
}

/** Both floats on one box, which is active. */
export const serving = (facts: Facts): boolean =>
  facts.active !== undefined && SIDES.every((side) => holderOf(facts, side) === facts.active);
