import { readJson } from './jsonText.ts';
import { readPlain } from './yamlPlain.ts';
import { type Read, readYaml } from './yamlText.ts';

/** The quick readers take what is right and in their form; the YAML reader takes everything, and says what is wrong. */
export const readText = (text: string, maxLength: number): Read =>
  readPlain(text, maxLength) ?? readJson(text, maxLength) ?? readYaml(text, maxLength);
