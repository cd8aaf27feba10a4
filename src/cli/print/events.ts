import type { EventsResult } from '../../model/control.ts';
import { plain } from '../io.ts';
import { wallTime } from './time.ts';

/** One line each, in the order given. */
export const eventLines = (events: EventsResult): string[] =>
  events.map(({ at, kind, text }) => `${wallTime(at)} ${plain(kind).padEnd(14)} ${plain(text)}`);
