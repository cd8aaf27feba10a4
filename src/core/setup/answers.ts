import { parse, parseDocument as parseYaml, stringify } from 'yaml';
import type { NodeId } from '../../model/pair.ts';
import { peerOf } from '../../model/pair.ts';
import type { Interview } from './types.ts';

/** From answers to the document and the node file. */

export type Answers = ReadonlyMap<string, string>;

export const answersOf = ({ given }: Pick<Interview, 'given'>): Answers =>
  new Map(given.map(({ key, text }) => [key, text]));

/** Which router this box is, as far as that is known. */
export const ownName = (answers: Answers): NodeId => (answers.get('node') === 'b' ? 'b' : 'a');

/** Whether this box takes the pair's document from its twin. */
export const isSecond = (answers: Answers): boolean => answers.get('place') === 'second';

/** Real servers that the wizard asks for; a document takes more. */
export const MAX_SERVERS = 16;

const numberOf = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text));

/** `192.0.2.11:8080` or `192.0.2.11`. */
export function splitServer(text: string): { readonly address: string; readonly port: number | string | undefined } {
  const [address = '', port] = text.split(/:(.*)/s);
  return { address, port: port !== undefined && /^\d{1,9}$/.test(port) ? Number(port) : port };
}

function servers(answers: Answers): object[] {
  const found: object[] = [];
  for (let number = 1; number <= MAX_SERVERS; number += 1) {
    const text = answers.get(`server.${number}`);
    if (text === undefined || text === '') break;
    const { address, port } = splitServer(text);
    found.push({ name: `s${number}`, address, ...(port === undefined ? {} : { port }) });
  }
  return found;
}

/** Without the fields that are undefined, and without objects that are empty for it. */
function known(value: object): object | undefined {
  const entries = Object.entries(value).flatMap(([key, field]): [string, unknown][] => {
    const kept = typeof field === 'object' && field !== null && !Array.isArray(field) ? known(field) : field;
    return kept === undefined ? [] : [[key, kept]];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** What the answers so far say of the pair, in the shape of a document; what was not said yet is missing. */
export function draftOf(answers: Answers): object {
  const own = ownName(answers);
  const twin = peerOf(own);
  const text = (key: string): string | undefined => answers.get(key) || undefined;
  const service = {
    name: text('service.name'),
    protocol: text('service.protocol'),
    port: numberOf(text('service.port')),
  };
  return (
    known({
      tandem: 1,
      name: text('name'),
      floats: { public: { address: text('float.public') }, private: { address: text('float.private') } },
      nodes: Object.fromEntries(
        ([own, twin] as const)
          .map((node): [string, object] => [node, { public: text(`${node}.public`), private: text(`${node}.private`) }])
          .sort(([left], [right]) => (left < right ? -1 : 1)),
      ),
      gateway: text('gateway'),
      heartbeat: {
        interval_ms: numberOf(text('interval')),
        deadline_ms: numberOf(text('deadline')),
        serial_baud: numberOf(text('baud')),
      },
      services: service.port === undefined ? undefined : [{ ...known(service), servers: servers(answers) }],
    }) ?? {}
  );
}

/** The pair document that the interview leads to, YAML. */
export function documentOf(interview: Interview): string {
  if (interview.taken !== undefined) return interview.taken.document;
  const answers = answersOf(interview);
  if (interview.base === undefined) return stringify(draftOf(answers), { lineWidth: 0 });
  // What a person wrote around the addresses, remarks included, stays as it is.
  const document = parseYaml(interview.base);
  for (const [key, path] of Object.entries(NETWORK_PATHS)) {
    const text = answers.get(key);
    if (text === undefined) continue;
    if (text === '') document.deleteIn(path);
    else document.setIn(path, text);
  }
  return document.toString({ lineWidth: 0 });
}

/** Where an answer of `change network` stands in the document. */
export const NETWORK_PATHS: Readonly<Record<string, readonly string[]>> = {
  'a.public': ['nodes', 'a', 'public'],
  'a.private': ['nodes', 'a', 'private'],
  'b.public': ['nodes', 'b', 'public'],
  'b.private': ['nodes', 'b', 'private'],
  gateway: ['gateway'],
  'float.public': ['floats', 'public', 'address'],
  'float.private': ['floats', 'private', 'address'],
};

/** What a document says to the questions of `change network`. */
export function networkAnswers(document: string): Record<string, string> {
  const read = parseYaml(document);
  const found = Object.entries(NETWORK_PATHS).map(([key, path]): [string, unknown] => [key, read.getIn(path)]);
  return Object.fromEntries(found.flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : [])));
}

/** A document as plain data, for the rules between fields. */
export const plainOf = (document: string): unknown => parse(document);

/** The node file that the interview leads to, YAML. */
export function nodeOf(interview: Interview): string {
  const answers = answersOf(interview);
  const name = interview.taken === undefined ? ownName(answers) : peerOf(interview.taken.twin);
  return stringify({
    name,
    public: { device: answers.get('nic.public') },
    private: { device: answers.get('nic.private') },
    peer_line: answers.get('line'),
  });
}
