import type { DestinationKey, ServiceKey } from '../../model/ipvs.ts';

/**
 * The kernel's identity of a service: protocol, address and port, or firewall mark and family. Everything else about it can
 * be edited in place.
 */
export const serviceId = (key: ServiceKey): string => {
  if (key.fwmark === undefined) return `${key.protocol} ${endpoint(key)}`;
  return key.address.includes(':') ? `fwm ${key.fwmark} -6` : `fwm ${key.fwmark}`;
};

/** Services of a kernel's table by their identity. */
export const byServiceId = <S extends ServiceKey>(services: readonly S[]): ReadonlyMap<string, S> =>
  new Map(services.map((service) => [serviceId(service), service]));

/** The kernel's identity of a server within its service. */
export const destinationId = (key: DestinationKey): string => endpoint(key);

/** `address:port`, IPv6 in brackets as ipvsadm(8) writes it. */
export const endpoint = (key: { readonly address: string; readonly port: number }): string =>
  `${key.address.includes(':') ? `[${key.address}]` : key.address}:${key.port}`;

/** Names a server with its service's `serviceId`. */
export const serverName = (service: string, destination: DestinationKey): string =>
  `${service} > ${destinationId(destination)}`;

/** Names a server on its way out. */
export const drainKey = (service: ServiceKey, destination: DestinationKey): string =>
  serverName(serviceId(service), destination);

export const serviceKey = (key: ServiceKey): ServiceKey => ({
  protocol: key.protocol,
  address: key.address,
  port: key.port,
  ...(key.fwmark === undefined ? {} : { fwmark: key.fwmark }),
});

export const destinationKey = (key: DestinationKey): DestinationKey => ({ address: key.address, port: key.port });
