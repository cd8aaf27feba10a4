/** What is recorded: one command a line, in this order, each in the state that those before it left. */

/** The stage: the same devices and hardware addresses every time. */
export const STAGE = [
  'ip link add eth0 address 02:00:00:00:00:0a type veth peer name far0',
  'ip link add eth1 address 02:00:00:00:00:0b type veth peer name far1',
  'ip link set far0 up',
  'ip link set far1 up',
  'ip link set eth1 up multicast on',
];

export const IP_COMMANDS = [
  'ip link set eth0 up',
  'ip addr replace 198.51.100.2/24 dev eth0',
  'ip addr replace 198.51.100.10/24 dev eth0 label eth0:1 valid_lft 200 preferred_lft 200',
  'ip addr replace 192.0.2.2/24 dev eth1',
  'ip addr replace 2001:db8::10/64 dev eth0 nodad valid_lft 200 preferred_lft 200',
  'ip addr replace 2001:db8:1::2/64 dev eth1 nodad',
  'ip route replace default via 198.51.100.1 dev eth0 proto static',
  'ip route replace 203.0.113.0/24 dev eth1 proto static',
  'ip -6 route replace 2001:db8:2::/48 via 2001:db8::1 dev eth0 proto static',
  'ip -j link show',
  'ip -j addr show',
  'ip -4 -j route show',
  'ip -6 -j route show',
  'ip addr del 192.0.2.77/24 dev eth1',
  'ip route add 203.0.113.0/25 via 203.0.114.1 dev eth0',
  'ip addr del 198.51.100.10/24 dev eth0',
  'ip addr del 2001:db8::10/64 dev eth0',
];

export const IPVS_COMMANDS = [
  'ipvsadm -A -t 198.51.100.10:80 -s rr',
  'ipvsadm -A -t 198.51.100.10:443 -s wlc -p 300',
  'ipvsadm -A -u 198.51.100.10:7 -s wrr -o',
  'ipvsadm -A -t [2001:db8::10]:80 -s sh -b sh-fallback,sh-port',
  'ipvsadm -E -t 198.51.100.10:443 -s sed -p 60',
  'ipvsadm -a -t 198.51.100.10:80 -r 192.0.2.11:8080 -m -w 1',
  'ipvsadm -a -t 198.51.100.10:80 -r 192.0.2.12:8080 -m -w 5 -x 100 -y 50',
  'ipvsadm -a -t 198.51.100.10:443 -r 192.0.2.11:443 -g -w 1',
  'ipvsadm -a -u 198.51.100.10:7 -r 192.0.2.11:7 -m -w 65535',
  'ipvsadm -a -t [2001:db8::10]:80 -r [2001:db8:1::11]:8080 -m -w 1',
  'ipvsadm -e -t 198.51.100.10:80 -r 192.0.2.11:8080 -m -w 0',
  'ipvsadm -A -f 7 -s rr -p 60',
  'ipvsadm --set 900 120 300',
  'ipvsadm --start-daemon master --mcast-interface eth1 --syncid 7',
  'ipvsadm --start-daemon backup --mcast-interface eth1 --syncid 7',
  'ipvsadm -Sn',
  'ipvsadm -Ln --timeout',
  'ipvsadm -Ln --daemon',
  'ipvsadm -A -t 198.51.100.10:80 -s rr',
  'ipvsadm -A -t 198.51.100.10:81 -s nosuch',
  'ipvsadm -d -t 198.51.100.10:80 -r 192.0.2.99:8080',
  'ipvsadm --stop-daemon master',
  'ipvsadm --stop-daemon backup',
  'ipvsadm -d -t 198.51.100.10:80 -r 192.0.2.11:8080',
  'ipvsadm -D -t [2001:db8::10]:80',
];
