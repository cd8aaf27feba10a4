import { LIMITS } from './document.ts';
import { readJson } from './jsonText.ts';
import { readPlain, readPlainly } from './yamlPlain.ts';
import { lineAt, type Read, readYaml } from './yamlText.ts';

/**
 * The quick readers take what is right and in their form; the YAML reader takes everything, and says what is wrong. It takes so
 * much memory that a text beyond `LIMITS.yaml` is not given to it.
 */
export function readText(text: string, maxLength: number): Read {
  const quick = readPlain(text, maxLength) ?? readJson(text, maxLength);
  if (quick !== undefined) return quick;
  if (text.length <= LIMITS.yaml || text.length > maxLength) return readYaml(text, maxLength);
  return /^\s*\{/.test(text) ? wrongJson(text) : readLong(text);
}

/** A long text in the plain form but for a last line that does not end, or where it leaves that form. */
function readLong(text: string): Read {
  const read = readPlainly(text.endsWith('\n') ? text : `${text}\n`);
  if ('value' in read) return { ok: true, value: read.value, tokens: 0 };
  const says =
    text[read.beyond] === '\r'
      ? 'lines that end with a line feed alone'
      : 'words, numbers and words in quotes, each within its line, in lists and mappings by indentation or within one line, no key twice';
  const remedy = `a text of more than ${LIMITS.yaml} characters has to be JSON, or plain YAML: ${says}`;
  return { ok: false, faults: [{ ...lineAt(text, read.beyond), remedy }] };
}

function wrongJson(text: string): Read {
  let remedy = 'give every key once';
  try {
    JSON.parse(text);
  } catch (error) {
    remedy = `write valid JSON: ${(error as Error).message.slice(0, 200)}`;
  }
  return { ok: false, faults: [{ path: 'document', value: `${text.length} characters`, remedy }] };
}
