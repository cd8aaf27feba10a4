import assert from 'node:assert/strict';
import { test } from 'node:test';
import { USAGE } from '../../../image/rack/usage.ts';
import { parseVerb, shellWord } from '../../../image/rack/verbs.ts';
import { TandemError } from '../../../src/model/error.ts';

const words = (line: string): string[] => line.split(' ').filter((word) => word !== '');

const RIGHT: readonly [string, object][] = [
  ['', { verb: 'up', configured: true, deadline: undefined }],
  ['--deadline 300', { verb: 'up', configured: true, deadline: 300 }],
  ['unconfigured', { verb: 'up', configured: false, deadline: undefined }],
  ['help', { verb: 'help' }],
  ['down', { verb: 'down' }],
  ['status', { verb: 'status', json: false }],
  ['status --json', { verb: 'status', json: true }],
  ['web', { verb: 'web', json: false }],
  ['web --json', { verb: 'web', json: true }],
  ['cut a', { verb: 'cut', node: 'a' }],
  ['plug b', { verb: 'plug', node: 'b' }],
  ['freeze a', { verb: 'freeze', node: 'a' }],
  ['thaw a', { verb: 'thaw', node: 'a' }],
  ['console b', { verb: 'console', node: 'b' }],
  ['soak', { verb: 'soak', minutes: 30, json: false }],
  ['soak --minutes 5 --json', { verb: 'soak', minutes: 5, json: true }],
  ['churn', { verb: 'churn', minutes: 5, seed: 1, killEvery: 10, json: false }],
  [
    'churn --minutes 2 --seed 7 --kill-every 30 --json',
    { verb: 'churn', minutes: 2, seed: 7, killEvery: 30, json: true },
  ],
  ['drill all --json', { verb: 'drill', name: 'all', repeat: 1, json: true, load: { connections: 100, thin: 1 } }],
  ['nic a wan down', { verb: 'nic', node: 'a', nic: 'public', up: false }],
  ['nic b lan up', { verb: 'nic', node: 'b', nic: 'private', up: true }],
  ['nic b beat down', { verb: 'nic', node: 'b', nic: 'heartbeat', up: false }],
  ['press a 3s', { verb: 'press', node: 'a', ms: 3000, watch: false }],
  ['press b', { verb: 'press', node: 'b', ms: 200, watch: false }],
  ['press b 0.5s', { verb: 'press', node: 'b', ms: 500, watch: false }],
  ['press b 8s --watch', { verb: 'press', node: 'b', ms: 8000, watch: true }],
  ['press b --watch', { verb: 'press', node: 'b', ms: 200, watch: true }],
  ['panel a', { verb: 'panel', node: 'a', ms: 3000 }],
  ['serial pull', { verb: 'serial', do: 'pull', from: undefined }],
  ['serial pull b', { verb: 'serial', do: 'pull', from: 'b' }],
  ['serial plug', { verb: 'serial', do: 'plug' }],
  ['serial noise', { verb: 'serial', do: 'noise', rate: 0.01, seed: 1 }],
  ['serial noise 0.2 7', { verb: 'serial', do: 'noise', rate: 0.2, seed: 7 }],
  ['exec a -- ip -o addr', { verb: 'exec', node: 'a', command: 'ip -o addr' }],
  ['client -- id', { verb: 'run', where: 'client', argv: ['id'] }],
  ['wires -- tcpdump -i wan', { verb: 'run', where: 'rack', argv: ['tcpdump', '-i', 'wan'] }],
  ['server 2 -- ip route', { verb: 'run', where: 's2', argv: ['ip', 'route'] }],
  ['server 2 kill', { verb: 'server', server: 2, do: 'kill' }],
  ['server 3 start', { verb: 'server', server: 3, do: 'start' }],
  ['server 1 slow', { verb: 'server', server: 1, do: 'slow', ms: 500 }],
  ['server 1 slow 20', { verb: 'server', server: 1, do: 'slow', ms: 20 }],
  [
    'drill power-cut',
    { verb: 'drill', name: 'power-cut', repeat: 1, json: false, load: { connections: 100, thin: 1 } },
  ],
  [
    'drill --json power-cut --repeat 5',
    { verb: 'drill', name: 'power-cut', repeat: 5, json: true, load: { connections: 100, thin: 1 } },
  ],
  [
    'drill hand-over --connections 1000 --thin 4',
    { verb: 'drill', name: 'hand-over', repeat: 1, json: false, load: { connections: 1000, thin: 4 } },
  ],
  [
    'bench failover',
    {
      ...{ verb: 'bench', runs: 5, json: false, load: { connections: 100, thin: 1 } },
      ...{ deadline: undefined, adverts: undefined, systems: undefined, faults: undefined },
    },
  ],
  [
    'bench failover --json --runs 2 --connections 7 --thin 4 --deadline 600 --adverts 200 --systems tandem,keepalived-fast --faults power-cut',
    {
      ...{ verb: 'bench', runs: 2, json: true, load: { connections: 7, thin: 4 }, deadline: 600, adverts: 200 },
      ...{ systems: ['tandem', 'keepalived-fast'], faults: ['power-cut'] },
    },
  ],
];

for (const [line, verb] of RIGHT) {
  test(`"${line}" is understood`, () => assert.deepEqual(parseVerb(words(line)), verb));
}

/** The line, what the refusal names, what it says would be right. */
const WRONG: readonly [string, RegExp, RegExp][] = [
  ['fly', /"fly"/, /status, web, cut/],
  ['cut', /nothing/, /a or b/],
  ['cut c', /"c"/, /a or b/],
  ['cut a b', /"b"/, /cut a\|b/],
  ['nic a dmz down', /"dmz"/, /wan or lan/],
  ['nic a wan', /nothing/, /down or up/],
  ['press a 3', /"3"/, /3s/],
  ['press a 100s', /"100s"/, /60s/],
  ['serial', /nothing/, /pull or plug or noise/],
  ['serial pull c', /"c"/, /a or b/],
  ['serial noise 2', /"2"/, /0 to 1/],
  ['serial noise x', /"x"/, /0 to 1/],
  ['exec a id', /command is missing/, /exec a -- COMMAND/],
  ['exec a --', /command is missing/, /exec a -- COMMAND/],
  ['client', /command is missing/, /client -- COMMAND/],
  ['server 4 kill', /"4"/, /1 or 2 or 3/],
  ['server 2', /nothing/, /kill or start or slow/],
  ['server 2 slow -1', /"-1"/, /0 to 60000/],
  ['drill', /no name/, /drill NAME/],
  ['drill x --repeat 0', /"0"/, /1 to 1000/],
  ['drill x --repeat', /""/, /1 to 1000/],
  ['drill x y', /"y"/, /drill NAME/],
  ['drill x --connections 1001', /"1001"/, /1 to 1000/],
  ['drill x --thin 3', /"3"/, /1, 2, 4, 8/],
  ['churn --seed -1', /"-1"/, /0 to 4294967295/],
  ['churn --kill-every 0', /"0"/, /1 to 3600/],
  ['churn fast', /"fast"/, /churn \[--minutes N\]/],
  ['bench', /nothing/, /failover/],
  ['bench throughput', /"throughput"/, /failover/],
  ['bench failover --runs 0', /"0"/, /1 to 100/],
  ['bench failover --thin 3', /"3"/, /1, 2, 4, 8/],
  ['bench failover --adverts 205', /"205"/, /hundredths/],
  ['bench failover --deadline 5', /"5"/, /20 to 10000/],
  ['bench failover --systems tandem,pacemaker', /"pacemaker"/, /tandem or keepalived/],
  ['bench failover --faults', /""/, /power-cut/],
  ['bench failover power-cut', /"power-cut"/, /--faults/],
  ['status --yaml', /"--yaml"/, /--json/],
];

for (const [line, names, remedy] of WRONG) {
  test(`"${line}" is refused`, () => {
    assert.throws(
      () => parseVerb(words(line)),
      (error) => {
        assert.ok(error instanceof TandemError && error.code === 'bad-request', String(error));
        assert.match(error.message, names);
        assert.match(error.remedy ?? '', remedy);
        return true;
      },
    );
  });
}

test('a word for the shell stays one word', () => {
  assert.equal(shellWord('-o'), '-o');
  assert.equal(shellWord("it's a | b"), `'it'\\''s a | b'`);
  assert.equal(shellWord(''), "''");
});

test('the help names every verb', () => {
  for (const [line] of RIGHT)
    for (const word of words(line).slice(0, 1)) if (word !== 'help') assert.match(USAGE, RegExp(word));
});
