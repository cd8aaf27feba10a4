import type { LintResult } from '../../model/control.ts';
import { askController } from '../answer.ts';
import { documentText } from '../documentText.ts';
import { EXIT } from '../io.ts';
import { faultLines } from '../print/faults.ts';
import { findingLines } from '../print/findings.ts';
import type { Command } from '../program.ts';

/** Two seconds for the twin and the answers on the wires, and some for a busy box. */
const LINT_MS = 15_000;

export const command: Command = {
  options: { json: { type: 'boolean' } },
  words: [0, 1],
  async run(io, [file], options) {
    const request = { do: 'lint', ...(file === undefined ? {} : { text: documentText(io, file) }) } as const;
    const result = await askController<LintResult>(io, request, LINT_MS);
    const { findings, warnings } = result;
    if (options.json === true) io.out(JSON.stringify(result));
    else {
      if (warnings.length > 0) io.out(['the document:', ...faultLines(warnings)].join('\n'));
      io.out(findings.length === 0 ? 'nothing is amiss around this router' : findingLines(findings).join('\n'));
    }
    return findings.length + warnings.length === 0 ? EXIT.ok : EXIT.failed;
  },
};
