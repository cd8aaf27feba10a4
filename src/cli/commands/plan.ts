import type { PlanResult } from '../../model/control.ts';
import { askController } from '../answer.ts';
import { documentText } from '../documentText.ts';
import { EXIT, plain } from '../io.ts';
import { faultLines } from '../print/faults.ts';
import type { Command } from '../program.ts';

const PLAN_MS = 30_000;

export const command: Command = {
  options: { json: { type: 'boolean' } },
  words: [1, 1],
  async run(io, [file = '-'], options) {
    const request = { do: 'plan', text: documentText(io, file), login: io.login } as const;
    const result = await askController<PlanResult>(io, request, PLAN_MS);
    if (options.json === true) {
      io.out(JSON.stringify(result));
      return EXIT.ok;
    }
    const { changed, steps, breaks, drains, warnings } = result;
    if (warnings.length > 0) io.err(['warnings:', ...faultLines(warnings)].join('\n'));
    if (!changed) io.out('this document is in force');
    io.out(steps.length === 0 ? 'nothing to do in the kernel' : steps.map(plain).join('\n'));
    if (drains > 0) io.out(`drains ${drains} connections`);
    if (breaks > 0) io.out(`breaks ${breaks} connections`);
    return EXIT.ok;
  },
};
