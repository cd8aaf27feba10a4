import { documentChecks } from '../../model/documentChecks.ts';
import type { Fault } from '../../model/error.ts';
import { salvage } from '../../model/salvage.ts';
import { answersOf, documentOf, draftOf, plainOf } from './answers.ts';
import { faultLines } from './faultLines.ts';
import { choosePassword } from './password.ts';
import { nextQuestion, type Question, questionsOf, refusal, usualOf } from './questions.ts';
import { review } from './review.ts';
import { save } from './save.ts';
import { ask, patchInterview, prompt, say, type Turn, write } from './turn.ts';
import type { Interview, Nic, Reply } from './types.ts';

/** Asks the first question without an answer, or goes on to what stands after the last. */
export function proceed(turn: Turn): void {
  const { interview } = turn.state;
  const question = nextQuestion(interview);
  if (question === undefined) afterLast(turn);
  else if (question.nics === true) ask(turn, { do: 'nics' });
  else put(turn, question);
}

function afterLast(turn: Turn): void {
  const { interview } = turn.state;
  const needsPassword = interview.flow === 'wizard' && (interview.taken?.password ?? interview.password) === undefined;
  if (needsPassword) choosePassword(turn, undefined);
  else review(turn);
}

function put(turn: Turn, question: Question): void {
  if (question.help !== '') say(turn, '', question.help);
  putAgain(turn, question);
}

function putAgain(turn: Turn, question: Question): void {
  const usual = usualOf(question, turn.state.interview);
  const bracket = usual === undefined || usual === '' ? '' : ` [${usual}]`;
  prompt(turn, { kind: 'question', key: question.key }, '');
  write(turn, `${question.prompt.replaceAll('’', "'")}${bracket}: `);
}

const nicLine = ({ device, mac, carrier }: Nic): string =>
  `  ${device.padEnd(10)} ${carrier ? 'cable in, link up  ' : 'NO LINK            '} ${mac}`;

export function onNics(turn: Turn, reply: Reply): void {
  patchInterview(turn, { nics: reply.nics ?? [] });
  const question = nextQuestion(turn.state.interview);
  say(turn, '', ...(reply.ok ? (reply.nics ?? []).map(nicLine) : reply.lines));
  if (question === undefined) proceed(turn);
  else put(turn, question);
}

/** The person's line for the question that stands. */
export function answer(turn: Turn, key: string, line: string): void {
  const { interview } = turn.state;
  const question = questionsOf(interview).find((one) => one.key === key);
  if (question === undefined) {
    proceed(turn);
    return;
  }
  const text = line.trim();
  if (text === '?') {
    proceed(turn);
    return;
  }
  const usual = usualOf(question, interview) ?? '';
  const none = question.optional === true && (text === '-' || (text === '' && usual === ''));
  const value = none ? '' : text === '' ? usual : text;
  const wrong = none ? undefined : value === '' ? 'is missing: give an answer' : question.judge(value);
  if (wrong !== undefined) {
    say(turn, refusal(question.prompt, value, wrong));
    putAgain(turn, question);
    return;
  }
  accept(turn, question, value);
}

function accept(turn: Turn, question: Question, text: string): void {
  const { interview } = turn.state;
  const next: Interview = { ...interview, given: [...interview.given, { key: question.key, text }] };
  const faults = newFaults(interview, next, question);
  if (faults.length > 0) {
    say(turn, ...faultLines(faults));
    putAgain(turn, question);
    return;
  }
  patchInterview(turn, next);
  save(turn);
  if (question.key === 'code') take(turn);
  else proceed(turn);
}

/** The rules between fields: what is wrong now and was not before this answer. */
function newFaults(before: Interview, after: Interview, question: Question): readonly Fault[] {
  if (question.path === undefined) return [];
  const known = new Set(faultsSoFar(before).map(({ path, remedy }) => `${path} ${remedy}`));
  return faultsSoFar(after).filter(({ path, remedy }) => !known.has(`${path} ${remedy}`));
}

/** A fault in a field that was not asked for yet is none. */
function faultsSoFar(interview: Interview): readonly Fault[] {
  const given = new Set(interview.given.map(({ key }) => key));
  const open = questionsOf(interview).flatMap(({ key, path }) => (path === undefined || given.has(key) ? [] : [path]));
  const draft = interview.base === undefined ? draftOf(answersOf(interview)) : plainOf(documentOf(interview));
  const { faults } = documentChecks(salvage(draft));
  return faults.filter(({ path }) => !open.some((one) => path === one || path.startsWith(`${one}.`)));
}

function take(turn: Turn): void {
  const answers = answersOf(turn.state.interview);
  say(turn, 'asking the first box on the serial cable (Ctrl-C stops) ...');
  const [code = '', line = '', baud = ''] = ['code', 'line', 'baud'].map((key) => answers.get(key));
  ask(turn, { do: 'take', code: code.replace('-', '').toLowerCase(), line, baud: Number(baud) });
}

export function onTaken(turn: Turn, reply: Reply): void {
  const { given } = turn.state.interview;
  if (!reply.ok || reply.taken === undefined) {
    say(turn, ...reply.lines);
    patchInterview(turn, { given: given.filter(({ key }) => key !== 'code') });
  } else {
    patchInterview(turn, { taken: reply.taken });
    const own = reply.taken.twin === 'a' ? 'b' : 'a';
    say(turn, ...reply.lines, `this box is router ${own}, its twin is ${reply.taken.twin}`);
  }
  proceed(turn);
}

/** One question back; from the first one nowhere. */
export function back(turn: Turn): void {
  const { given } = turn.state.interview;
  const last = given.at(-1);
  patchInterview(turn, {
    given: given.slice(0, -1),
    password: undefined,
    ...(last?.key === 'code' ? { taken: undefined } : {}),
    remembered:
      last === undefined || last.key === 'code'
        ? turn.state.interview.remembered
        : { ...turn.state.interview.remembered, [last.key]: last.text },
  });
  save(turn);
  proceed(turn);
}

/** From the first question again; what was said is offered as the usual answer. */
export function again(turn: Turn): void {
  const { given, remembered } = turn.state.interview;
  const said = Object.fromEntries(given.filter(({ key }) => key !== 'code').map(({ key, text }) => [key, text]));
  patchInterview(turn, { given: [], remembered: { ...remembered, ...said }, taken: undefined, password: undefined });
  save(turn);
  proceed(turn);
}
