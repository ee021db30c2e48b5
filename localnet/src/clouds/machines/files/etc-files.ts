/** One file of a fresh machine. */
export interface FreshFile {
  readonly text: string;
  readonly mode: number;
}

const READABLE = 0o644;
const SECRET = 0o640;

const SYSTEM_USERS: readonly (readonly [name: string, id: number, home: string])[] = [
  ['daemon', 1, '/usr/sbin'],
  ['bin', 2, '/bin'],
  ['sys', 3, '/dev'],
  ['www-data', 33, '/var/www'],
  ['nobody', 65_534, '/nonexistent'],
];

const NO_LOGIN = '/usr/sbin/nologin';

function passwd(): string {
  const others = SYSTEM_USERS.map(([name, id, home]) =>
    [name, 'x', id, id, name, home, NO_LOGIN].join(':'),
  );
  return `${['root:x:0:0:root:/root:/bin/bash', ...others].join('\n')}\n`;
}

function group(): string {
  const others = SYSTEM_USERS.map(
    ([name, id]) => `${name === 'nobody' ? 'nogroup' : name}:x:${id}:`,
  );
  return `${['root:x:0:', 'adm:x:4:', 'sudo:x:27:', 'users:x:100:', ...others].join('\n')}\n`;
}

function shadow(): string {
  const names = ['root', ...SYSTEM_USERS.map(([name]) => name)];
  return `${names.map((name) => `${name}:*:20000:0:99999:7:::`).join('\n')}\n`;
}

const OS_RELEASE = `PRETTY_NAME="Ubuntu 24.04.3 LTS"
NAME="Ubuntu"
VERSION_ID="24.04"
VERSION="24.04.3 LTS (Noble Numbat)"
VERSION_CODENAME=noble
ID=ubuntu
ID_LIKE=debian
UBUNTU_CODENAME=noble
`;

const LSB_RELEASE = `DISTRIB_ID=Ubuntu
DISTRIB_RELEASE=24.04
DISTRIB_CODENAME=noble
DISTRIB_DESCRIPTION="Ubuntu 24.04.3 LTS"
`;

const NSSWITCH = `passwd: files
group: files
shadow: files
hosts: files
networks: files
protocols: files
services: files
`;

const SERVICES = `ssh 22/tcp
domain 53/tcp
domain 53/udp
http 80/tcp
https 443/tcp
`;

function readable(text: string): FreshFile {
  return { text, mode: READABLE };
}

/** `/etc` of a fresh machine, but for what depends on its name. */
export const ETC_FILES: Readonly<Record<string, FreshFile>> = {
  '/etc/passwd': readable(passwd()),
  '/etc/group': readable(group()),
  '/etc/shadow': { text: shadow(), mode: SECRET },
  '/etc/os-release': readable(OS_RELEASE),
  '/etc/lsb-release': readable(LSB_RELEASE),
  '/etc/debian_version': readable('trixie/sid\n'),
  '/etc/nsswitch.conf': readable(NSSWITCH),
  '/etc/services': readable(SERVICES),
  '/etc/protocols': readable('tcp 6 TCP\nudp 17 UDP\n'),
  '/etc/shells': readable('/bin/sh\n/bin/bash\n'),
  '/etc/resolv.conf': readable('# This machine has no network but its own.\n'),
  '/etc/fstab': readable('# Nothing is mounted from here.\n'),
  '/etc/environment': readable(
    'PATH="/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"\n',
  ),
};
