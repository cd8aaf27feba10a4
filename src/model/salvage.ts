import type { z } from 'zod';
import {
  fillService,
  fillServiceOnce,
  heartbeatSchema,
  LIMITS,
  type RealServer,
  serverSchema,
  serviceSchema,
  type VirtualService,
  type WrittenDocument,
  type WrittenService,
} from './document.ts';
import { valueAt } from './faults.ts';
import { cidr4, cidr6, ipv4 } from './fields.ts';
import { firewallSchema, outboundSchema } from './guardSections.ts';
import { judgeService } from './judgeDocument.ts';
import type { NodeId, Side } from './pair.ts';

/**
 * The sound parts of a document, so that the cross-field rules can speak in the same answer as the faults of form. A part
 * that is absent or wrong by itself is undefined here and keeps its index.
 */
export interface Sound {
  readonly floats: Readonly<Partial<Record<Side, string>>>;
  readonly nodes: Readonly<Record<NodeId, Readonly<Partial<Record<Side | 'heartbeat', string>>>>>;
  readonly floats6: Readonly<Partial<Record<Side, string>>>;
  readonly nodes6: Readonly<Record<NodeId, Readonly<Partial<Record<Side, string>>>>>;
  readonly gateway: string | undefined;
  readonly heartbeat: WrittenDocument['heartbeat'] | undefined;
  readonly firewall: WrittenDocument['firewall'];
  readonly outbound: WrittenDocument['outbound'];
  readonly services: readonly (SoundService | undefined)[];
}

export type SoundService = Omit<VirtualService, 'servers'> & {
  readonly servers: readonly (RealServer | undefined)[];
  /** Before defaults were filled: what a person says twice can be told from what follows. */
  readonly written: Pick<WrittenService, 'address' | 'addresses' | 'port' | 'ports'>;
};

const meta = { title: '', help: '' };
const cidr = cidr4(meta);
const cidrOf6 = cidr6(meta);
const host = ipv4(meta);

function sound<T>(schema: z.ZodType<T>, value: unknown): T | undefined {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

const listAt = (value: unknown, key: string, max: number): readonly unknown[] => {
  const list = valueAt(value, [key]);
  return Array.isArray(list) ? list.slice(0, max) : [];
};

/** Of one service as it was read; undefined when it is no mapping or says nothing sound of itself. */
export function soundService(raw: unknown, vip: string): SoundService | undefined {
  if (typeof raw !== 'object' || raw === null) return undefined;
  const known = soundServices.get(raw);
  if (known?.vip === vip) return known.service;
  const service = makeSoundService(raw, vip);
  soundServices.set(raw, { vip, service });
  return service;
}

const soundServices = new WeakMap<object, { readonly vip: string; readonly service: SoundService | undefined }>();

const writtenOf = ({ address, addresses, port, ports }: WrittenService): SoundService['written'] => ({
  ...{ address, addresses, port, ports },
});

function makeSoundService(raw: object, vip: string): SoundService | undefined {
  const whole = judgeService(raw);
  if (whole.ok) return { ...fillServiceOnce(whole.data, vip), written: writtenOf(whole.data) };
  const service = sound(serviceSchema, { ...raw, servers: [] });
  if (service === undefined) return undefined;
  const filled = fillService(service, vip);
  const servers = listAt(raw, 'servers', LIMITS.servers).map((server) => {
    const good = sound(serverSchema, server);
    return good && { ...good, port: good.port ?? filled.port };
  });
  return { ...filled, servers, written: writtenOf(service) };
}

/** Reads what can be read of `raw`; never throws. */
export function salvage(raw: unknown): Sound {
  const both = (
    path: (side: Side) => readonly string[],
    form: z.ZodType<string> = cidr,
  ): Partial<Record<Side, string>> => {
    const found: Partial<Record<Side, string>> = {};
    for (const side of ['public', 'private'] as const) {
      const value = sound(form, valueAt(raw, path(side)));
      if (value !== undefined) found[side] = value;
    }
    return found;
  };
  const ownOf = (id: NodeId): Sound['nodes'][NodeId] => {
    const heartbeat = sound(cidr, valueAt(raw, ['nodes', id, 'heartbeat']));
    return { ...both((side) => ['nodes', id, side]), ...(heartbeat === undefined ? {} : { heartbeat }) };
  };
  const floats = both((side) => ['floats', side, 'address']);
  const vip = floats.public?.split('/')[0] ?? '';
  return {
    floats,
    nodes: { a: ownOf('a'), b: ownOf('b') },
    floats6: both((side) => ['floats', side, 'address6'], cidrOf6),
    nodes6: {
      a: both((side) => ['nodes', 'a', `${side}6`], cidrOf6),
      b: both((side) => ['nodes', 'b', `${side}6`], cidrOf6),
    },
    gateway: sound(host, valueAt(raw, ['gateway'])),
    heartbeat: sound(heartbeatSchema, valueAt(raw, ['heartbeat']) ?? {}),
    firewall: sound(firewallSchema, valueAt(raw, ['firewall'])),
    outbound: sound(outboundSchema, valueAt(raw, ['outbound'])),
    services: listAt(raw, 'services', LIMITS.services).map((service) => soundService(service, vip)),
  };
}
