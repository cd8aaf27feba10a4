import * as z from 'zod';
import { TandemError } from './error.ts';

/** One field of the document set anew by name, without the document's text: `tandem set web/s2 weight 5`. */

const name = z.string().regex(/^[a-z0-9-]{1,32}$/, { error: 'give the name of a service or real server' });

const FIELD_ERROR = 'give the name of a field, like weight or check.interval_ms';

export const patchSchema = z.object({
  service: name,
  /** Absent: a field of the service itself. */
  server: name.optional(),
  field: z.string().regex(/^[a-z0-9_]{1,32}(\.[a-z0-9_]{1,32})?$/, { error: FIELD_ERROR }),
  /** null leaves the field out, so that its default holds. */
  value: z.union([z.string().max(256), z.number(), z.boolean(), z.null()], {
    error: 'give text of at most 256 characters, a number, true, false or null',
  }),
});

export type Patch = z.infer<typeof patchSchema>;

/** Characters by which a patch may make a text longer, at the most: name and value of the field, indented. */
export const growthOf = ({ field, value }: Patch): number => 160 + field.length + 2 * String(value).length;

/** `web/s2 weight` */
export const patchWords = ({ service, server, field }: Patch): string =>
  `${server === undefined ? service : `${service}/${server}`} ${field}`;

type Mapping = Readonly<Record<string, unknown>>;

export interface Patched {
  /** The very object that was given when the patch leaves out what is not there. */
  readonly value: Mapping & { readonly services: readonly Mapping[] };
  /** Of the service among all. */
  readonly index: number;
  /** From the service to the field. */
  readonly path: readonly (string | number)[];
  /** What stood there; undefined = nothing. */
  readonly was: unknown;
}

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const mappings = (value: unknown): readonly Mapping[] => (Array.isArray(value) ? value.filter(isMapping) : []);

function indexOf(list: readonly Mapping[], wanted: string, what: string): number {
  const index = list.findIndex((entry) => entry.name === wanted);
  if (index >= 0) return index;
  const names = list.slice(0, 20).map((entry) => String(entry.name));
  const more = list.length > names.length ? ', …' : '';
  throw new TandemError('not-found', `there is no ${what} "${wanted}"`, {
    remedy: names.length === 0 ? 'there are none' : `there are ${names.join(', ')}${more}`,
  });
}

function withField(value: unknown, path: readonly (string | number)[], field: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return field;
  if (Array.isArray(value)) return value.with(step as number, withField(value[step as number], rest, field));
  const { [step as string]: old, ...others } = isMapping(value) ? value : {};
  const next = withField(old, rest, field);
  if (next === undefined) return others;
  return isMapping(value) && step in value ? { ...value, [step]: next } : { ...others, [step]: next };
}

/**
 * A document as it was read, with one field set; what the patch does not touch is the same object.
 * @throws TandemError `not-found` naming what there is.
 */
export function patchedValue(value: unknown, patch: Patch): Patched {
  const document = isMapping(value) ? value : {};
  const services = mappings(document.services);
  const index = indexOf(services, patch.service, 'virtual service');
  const service = services[index]!;
  const head =
    patch.server === undefined
      ? []
      : ['servers', indexOf(mappings(service.servers), patch.server, `real server of ${patch.service}`)];
  const path = [...head, ...patch.field.split('.')];
  const was = path.reduce<unknown>((at, step) => (at as Mapping | null | undefined)?.[step], service);
  const field = patch.value === null ? undefined : patch.value;
  if (was === undefined && field === undefined) return { value: value as Patched['value'], index, path, was };
  const changed = withField(service, path, field) as Mapping;
  return { value: { ...document, services: services.with(index, changed) }, index, path, was };
}
