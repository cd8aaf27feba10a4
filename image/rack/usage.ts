/** What `npm run rack -- help` prints. */
export const USAGE = `npm run rack                    bring the rack up and watch it; Ctrl-C ends it
npm run rack -- unconfigured    the same with boxes as they leave the factory
npm run rack -- --deadline MS   the same with that deadline of the heartbeat, on an emulated processor as soon as the boxes
                                wake in time for it; 150 when not said
npm run rack -- VERB …          from a second terminal, or with nothing running for \`drill\`

  status [--json]               what the picture shows, once
  web [--json]                  where the web consoles are, and their password
  cut a|b                       power off            plug a|b    power on
  freeze a|b                    stop its processor   thaw a|b    go on
  nic a|b wan|lan|beat down|up  a network cable
  press a|b [TIME] [--watch]    the front panel's button, 200ms when not said; 3s hands over; --watch shows the LEDs meanwhile
  panel a|b [TIME]              the front panel's LEDs and how they change, for 3s when not said
  serial pull [a|b]             the null-modem cable; with a letter only what that box sends is lost
  serial noise [RATE [SEED]]    damage that share of its bytes, 0.01 when not said
  serial plug                   whole and quiet again
  console a|b                   the box's serial console; Ctrl-] leaves
  exec a|b -- COMMAND           in the box          client -- COMMAND      where the client is
  gateway -- COMMAND            at the gateway      server N -- COMMAND    where real server N is
  wires -- COMMAND              where the bridges wan and lan are, e.g. tcpdump -i wan
  server N kill|start           a real server, 1 to 3
  server N slow [MS]            its HTTP answers wait, 500 ms when not said
  drill NAME [--repeat N] [--connections N] [--thin N] [--json]
                                --thin 2, 4 or 8: one of so many probes and exchanges, for a slow machine
  drill all|NAME,NAME… [--repeat N] [--connections N] [--thin N] [--json]
                                many, one after the other, and a quiet run before them: one report at the end
  bench failover [--runs N] [--connections N] [--thin N] [--deadline MS] [--adverts MS]
        [--json] [--systems A,B] [--faults A,B]
                                Tandem beside Debian's keepalived, in a rack of its own: npm run bench
  soak [--minutes N] [--json]   endless loops in both boxes, damage on the serial line and 10,000 destinations loaded every
                                minute, for 30 minutes when not said: nobody may move
  churn [--minutes N] [--seed S] [--kill-every SECONDS] [--json]
                                services and servers added, changed, drained and removed at random under traffic for 5 minutes,
                                each controller killed 10 s after it answers: no client of another service may notice
  down                          end the running rack
`;
