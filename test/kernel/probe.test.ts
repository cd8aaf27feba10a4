import { test } from 'node:test';
import { enterNamespace, sh } from './netns.ts';

test('probe', () => {
  enterNamespace();
  for (const command of [
    'for m in sctp sctp_diag ipip fou ip_gre gre ip6_tunnel ip6_gre fou6 nf_conntrack_sip ip_vs_pe_sip ip_tunnel xt_MARK; do modprobe $m && echo have $m || echo NO $m; done; true',
    'uname -r; find /lib/modules -name "*sctp*" -o -name "fou*" -o -name "ipip*" -o -name "ip_gre*" -o -name "gre*"',
    'cat /etc/modules-load.d/tandem.conf',
    'ip fou add port 6080 gue && ip fou show',
    'ip link add tunl9 type ipip remote any local 127.0.0.1 external 2>&1; ip -d link show tunl9',
    'ip link add gre9 type gre external; ip -d link show gre9',
    'ip link; which python3 perl socat nc tcpdump strace nft; ls /proc/sys/net/sctp | head -3',
  ]) {
    try {
      console.log(`$ ${command}\n${sh(`exec 2>&1; ${command}`)}`);
    } catch (error) {
      console.log('FAILED', command, String((error as { stdout?: string }).stdout));
    }
  }
});
