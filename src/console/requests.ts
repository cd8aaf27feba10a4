import type { ConsoleRequest } from '../model/console.ts';
import type { ControllerRequest } from '../model/control.ts';
import { TandemError } from '../model/error.ts';

/** What a page may ask of the controller. */
export interface Asked {
  /** As the control socket is asked. */
  readonly ask: (request: ControllerRequest) => Promise<unknown>;
  /** Number of the revision in force; 0 without one. */
  readonly revision: () => number;
  /** Where the page's browser is, and the port that it came to; undefined when the socket no longer tells. */
  readonly login?: { readonly address: string; readonly port: number } | undefined;
}

/** Requests that the controller answers; the others are the connection's own affair. */
export type Passed = Exclude<ConsoleRequest, { do: 'snapshot' | 'here' }>;

const forced = ({ force }: { readonly force?: boolean | undefined }) => (force === true ? { force } : {});

/** Carries a page's request to the controller. Rejects with TandemError as the controller does. */
export async function carry(request: Passed, author: string, { ask, revision, login }: Asked): Promise<unknown> {
  switch (request.do) {
    case 'show':
    case 'hand-over-plan':
    case 'lint':
      return ask({ do: request.do });
    case 'hand-over':
      return ask({ do: 'hand-over', ...forced(request) });
    case 'hold':
      return ask({ do: 'hold', reason: request.reason, by: author });
    case 'resume':
      return ask({ do: 'resume', by: author });
    case 'plan':
      return { ...((await ask({ do: 'plan', text: request.text, login })) as object), on: revision() };
    case 'apply':
      if (revision() !== request.on) {
        throw new TandemError('refused', `revision ${revision()} came into force since this was planned`, {
          remedy: 'look at the plan again',
        });
      }
      return ask({ do: 'apply', text: request.text, author, login, ...forced(request) });
    case 'set': {
      const { service, server, field, value } = request;
      return ask({ do: 'set', service, ...(server === undefined ? {} : { server }), field, value, author });
    }
    case 'drain':
    case 'enable':
      return ask({ do: request.do, server: request.server, author });
  }
}
