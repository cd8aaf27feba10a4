import type { NetlinkMessage } from '../netlink/message.ts';
import {
  RTM_DELADDR,
  RTM_DELLINK,
  RTM_NEWADDR,
  RTM_NEWLINK,
  RTMGRP_IPV4_IFADDR,
  RTMGRP_IPV6_IFADDR,
  RTMGRP_LINK,
} from './constants.ts';

/** The groups that a watcher of links and addresses joins. */
export const WATCHED_GROUPS = RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR;

/** What a multicast message is about; undefined when it is nothing that is watched. */
export function notificationKind(message: NetlinkMessage): 'link' | 'address' | undefined {
  if (message.type === RTM_NEWLINK || message.type === RTM_DELLINK) return 'link';
  if (message.type === RTM_NEWADDR || message.type === RTM_DELADDR) return 'address';
  return undefined;
}
