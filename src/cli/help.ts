export const HELP = `tandem: two LVS routers that ride as one

  tandem status [SERVICE ...]      role, term, floats, links, alarms, and all services or those   [--json]
    --brief                        without services: quick when there are thousands of servers
  tandem links [--json]            each heartbeat link: since when, round trip, loss, which way it works
  tandem top [--once] [--json]     connections, packets and bytes per second, live, busiest first; q ends
    --interval S                   seconds from one look to the next; 2 unless told
  tandem stats [SERVICE[/SERVER]]  the same of the past hour   [--json]
    --since 15m --points N         of another time (s, m, h, d), in about so many lines; 20 unless told
  tandem show [--revision N]       the document in force, or an earlier one   [--json]
  tandem check [--node] FILE|-     judges a document (or a node file) without a router
  tandem plan FILE|-               the kernel steps it would take, and what they break   [--json]
  tandem apply FILE|-              makes it the document in force   [--json]
    --force                        even if its firewall locks you out
  tandem lint [FILE|-]             what is amiss around the pair, why it hurts, what to do; exit code 1 when something is   [--json]
  tandem set SERVICE/SERVER weight N  one field of a real server in the document in force   [--json]
  tandem set SERVICE FIELD VALUE   or of a service, like scheduler or check.interval_ms; - leaves it out
  tandem explain SERVICE           what its real servers need: routes, VIP, tunnel, for Linux, FreeBSD and Windows
    --file FILE|-                  of this document instead of the one in force
  tandem events [--limit N]        what happened, the newest last; 50 unless told, 1000 at most   [--json]
  tandem timeline [--last N]       how the floats moved, ms by ms; the last 3 stories unless told   [--json]
    --with FILE|-                  and the twin's part: its tandem timeline --json, put in by the beats both know
  tandem drift [--since 1h]        what other tools changed in the kernel, and what was done   [--limit N] [--json]
  tandem drift hold [--for 30m]    leaves such changes alone, an hour unless told   [--reason TEXT] [--json]
  tandem drift resume              repairs them again, and says which   [--json]
  tandem drain SERVICE/SERVER      no new connections for a real server; those it has go on   [--json]
  tandem enable SERVICE/SERVER     new connections again   [--json]
  tandem hand-over [--plan|--force] gives the floats to the twin, or says what that would do   [--json]
  tandem hold [--reason TEXT]      this router neither takes the floats nor gives them up by itself   [--json]
  tandem resume                    it does again   [--json]
  tandem password [--stdin]        sets the admin password (both consoles); asks twice, or takes one line
  tandem key [rotate]              the pair's keys by their ids; rotate brings a new one to both boxes   [--json]
  tandem schema [document|node]    JSON Schema, for editors
  tandem help, tandem --version

Exit codes: 0 done · 1 refused or failed · 2 wrong command line · 3 nobody answers.
status, links, hold, resume, timeline and hand-over ask the pair lane itself when the controller does not answer within 2 s, and say so.
TANDEM_RUN is the folder of the control sockets, /run/tandem unless set.`;
