import { menu, onDocument, onHeading, onLogin, onPlan, page } from './console.ts';
import { again, onNics, onTaken } from './interview.ts';
import { onDigest } from './password.ts';
import { ask, NO_INTERVIEW, patch, say, type Turn } from './turn.ts';
import type { Reply, Waiting } from './types.ts';

/** What the box answered, to whoever asked. */
export function onReply(turn: Turn, what: Waiting, reply: Reply): void {
  switch (what) {
    case 'nics':
      onNics(turn, reply);
      return;
    case 'digest':
      onDigest(turn, reply);
      return;
    case 'take':
      onTaken(turn, reply);
      return;
    case 'install':
      onInstalled(turn, reply);
      return;
    case 'offer':
      onOffered(turn, reply);
      return;
    case 'heading':
      onHeading(turn, reply);
      return;
    case 'login':
      onLogin(turn, reply);
      return;
    case 'log':
      if (reply.ok) {
        page(turn, reply.lines);
        return;
      }
      break;
    case 'document':
      onDocument(turn, reply);
      return;
    case 'plan':
      onPlan(turn, reply, 'network');
      return;
    case 'hand-over-plan':
      onPlan(turn, reply, 'hand-over');
      return;
    case 'restart':
    case 'factory-reset':
      say(turn, ...reply.lines);
      if (reply.ok) patch(turn, { at: { kind: 'nowhere' }, loggedIn: false });
      else menu(turn);
      return;
    case 'status':
    case 'apply':
    case 'hand-over':
    case 'password':
      break;
  }
  say(turn, ...reply.lines);
  menu(turn);
}

export const onProgress = (turn: Turn, lines: readonly string[]): void => say(turn, ...lines);

function onInstalled(turn: Turn, reply: Reply): void {
  say(turn, ...reply.lines);
  if (!reply.ok) {
    say(turn, 'this box is still not configured');
    again(turn);
    return;
  }
  const second = turn.state.interview.taken !== undefined;
  patch(turn, { interview: NO_INTERVIEW });
  turn.effects.push({ type: 'save', text: '' });
  if (second) done(turn);
  else ask(turn, { do: 'offer' });
}

function onOffered(turn: Turn, reply: Reply): void {
  say(turn, ...reply.lines);
  if (turn.state.loggedIn) menu(turn);
  else done(turn);
}

/** The wizard has done its work; whoever comes next meets a configured box. */
function done(turn: Turn): void {
  patch(turn, { at: { kind: 'nowhere' } });
  turn.effects.push({ type: 'end' });
}
