import { LIMITS } from '../../model/document.ts';
import { parseDocument, parseNodeFile } from '../../model/parseDocument.ts';
import { documentOf, nodeOf } from './answers.ts';
import { faultLines } from './faultLines.ts';
import { again } from './interview.ts';
import { ask, prompt, say, type Turn } from './turn.ts';

/** The document that the answers make: shown, checked as the controller will, and applied on a plain yes. */

/** Lines of a document shown; a twin's may have thousands. */
const SHOWN = 60;

const shown = (text: string): string[] => {
  const lines = text.trimEnd().split('\n');
  const rest = lines.length - SHOWN;
  return [...lines.slice(0, SHOWN), ...(rest > 0 ? [`... and ${rest} more lines`] : [])].map((line) => `  ${line}`);
};

export function review(turn: Turn): void {
  const { interview } = turn.state;
  const [document, node] = [documentOf(interview), nodeOf(interview)];
  const parsed = parseDocument(document);
  const parsedNode = parseNodeFile(node);
  const faults = [
    ...(parsed.ok ? [] : parsed.faults),
    ...(parsedNode.ok || interview.flow === 'network' ? [] : parsedNode.faults),
  ];
  if (faults.length > 0) {
    say(
      turn,
      '',
      'this cannot be applied:',
      ...faultLines(faults.slice(0, LIMITS.faults)),
      'again from the first question:',
    );
    again(turn);
    return;
  }
  const warnings = parsed.ok ? parsed.warnings.map((warning) => `warning:${faultLines([warning])[0]?.slice(1)}`) : [];
  if (interview.flow === 'network') {
    say(turn, '', 'what it would do:', ...warnings);
    ask(turn, { do: 'plan', document });
    return;
  }
  say(turn, '', 'the pair’s document:', ...shown(document), 'this box:', ...shown(node), ...warnings);
  say(turn, 'it was checked and can be applied.');
  askWhether(turn);
}

export const askWhether = (turn: Turn): void => prompt(turn, { kind: 'review' }, 'apply it? yes or no: ');

export function onReview(turn: Turn, text: string): void {
  const { interview } = turn.state;
  const password = interview.taken?.password ?? interview.password;
  if (text === 'no') {
    say(turn, 'nothing was changed; again, with your answers as the usual ones:');
    again(turn);
  } else if (text !== 'yes' || password === undefined) {
    say(turn, 'type yes or no');
    askWhether(turn);
  } else {
    say(turn, 'applying ...');
    const box = { node: nodeOf(interview), document: documentOf(interview), password, key: interview.taken?.key };
    ask(turn, { do: 'install', box });
  }
}
