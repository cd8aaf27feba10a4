import * as z from 'zod';
import { documentSchema, LIMITS, serviceSchema, type WrittenDocument } from './document.ts';
import { type Judged, judge } from './judge.ts';
import { byIdentity } from './memo.ts';

/** What a service is, as long as the object that was read lives. */
export const judgeService = byIdentity((raw: object) => judge(serviceSchema, raw));

const shellSchema = documentSchema.omit({ services: true }).extend({ services: z.tuple([]) });

/** As `judge` with the document's schema; a service that was right before is not judged again. */
export function judgeDocument(raw: unknown): Judged<WrittenDocument> {
  return rightDocument(raw) ?? judge(documentSchema, raw);
}

/** Undefined when something is wrong with it: the whole schema then says what. */
function rightDocument(raw: unknown): Judged<WrittenDocument> | undefined {
  if (typeof raw !== 'object' || raw === null || !('services' in raw)) return undefined;
  const { services: list } = raw;
  if (!Array.isArray(list) || list.length > LIMITS.services) return undefined;
  const services: WrittenDocument['services'] = [];
  for (const service of list) {
    if (typeof service !== 'object' || service === null) return undefined;
    const judged = judgeService(service);
    if (!judged.ok) return undefined;
    services.push(judged.data);
  }
  const shell = shellSchema.safeParse({ ...raw, services: [] });
  return shell.success ? { ok: true, data: { ...shell.data, services } } : undefined;
}
