import type { IpvsStep } from '../../model/ipvs.ts';

/**
 * What an errno means for IPVS, which mostly gives no extended-ack text (net/netfilter/ipvs/ip_vs_ctl.c). undefined
 * when the errno's own meaning says it.
 */
export function refusalText(op: IpvsStep['op'], errno: string): string | undefined {
  return MEANINGS[op][errno] ?? EVERYWHERE[errno];
}

const EVERYWHERE: Readonly<Record<string, string>> = {
  EPERM: 'changing IPVS needs root or CAP_NET_ADMIN',
  ENOMEM: 'the kernel has no memory for it',
};

const NO_SERVICE = 'there is no such virtual service';
const NO_DESTINATION = 'the virtual service has no such destination';

const MEANINGS: Readonly<Record<IpvsStep['op'], Readonly<Record<string, string>>>> = {
  'add-service': {
    EEXIST: 'there is such a virtual service already',
    ENOENT:
      'the kernel has no such scheduler or persistence engine, nor a module ip_vs_<scheduler> or ip_vs_pe_<engine>',
    EAFNOSUPPORT: 'this kernel balances no such address family',
    EPROTONOSUPPORT: 'this kernel balances no such protocol',
    EINVAL: 'the prefix length of the netmask is not one of IPv6, or its scheduler takes no such service',
  },
  'edit-service': {
    ESRCH: NO_SERVICE,
    ENOENT:
      'the kernel has no such scheduler or persistence engine, nor a module ip_vs_<scheduler> or ip_vs_pe_<engine>',
  },
  'delete-service': { ESRCH: NO_SERVICE },
  'add-destination': {
    ESRCH: NO_SERVICE,
    EEXIST: 'the virtual service has such a destination already',
    EINVAL: 'its address is not of the service’s family, which only a tunnel may be and none while sync daemons run',
    ERANGE: 'the weight is negative, or the lower threshold is above the upper one',
  },
  'edit-destination': {
    ESRCH: NO_SERVICE,
    ENOENT: NO_DESTINATION,
    ERANGE: 'the weight is negative, or the lower threshold is above the upper one',
  },
  'delete-destination': { ESRCH: NO_SERVICE, ENOENT: NO_DESTINATION },
  'start-daemon': {
    EEXIST: 'a sync daemon of this role runs already',
    ENODEV: 'there is no such device',
    EINVAL: 'the device, the sync id or the daemon settings are not acceptable',
  },
  'stop-daemon': { ESRCH: 'no sync daemon of this role runs' },
  'set-timeouts': { EINVAL: 'a timeout is too long' },
};
