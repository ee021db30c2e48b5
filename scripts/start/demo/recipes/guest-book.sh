#!/bin/bash
# A guest book: everybody reads and signs, the owner removes entries with the password that was made.
set -euo pipefail

echo '#dc-step 1/3 Installing the runtime'
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -y -q nodejs

echo '#dc-step 2/3 Writing the program'
install -d -m 755 /opt/guest-book
install -d -m 700 /var/lib/guest-book
cat > /opt/guest-book/server.mjs <<'JS'
import { timingSafeEqual, createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const FILE = '/var/lib/guest-book/entries.json';
const MAX_BYTES = 4_096;
const MAX_ENTRIES = 500;
const title = process.env.TITLE ?? 'Guest book';
const hash = (text) => createHash('sha256').update(text).digest();
const expected = hash(`Basic ${Buffer.from(`owner:${process.env.ADMIN_PASSWORD}`).toString('base64')}`);
let entries = existsSync(FILE) ? JSON.parse(readFileSync(FILE, 'utf8')) : [];

const escaped = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const isOwner = (request) => timingSafeEqual(hash(request.headers.authorization ?? ''), expected);

function save() {
  writeFileSync(`${FILE}.new`, JSON.stringify(entries));
  renameSync(`${FILE}.new`, FILE);
}

function page() {
  const rows = entries.map(({ name, text }) => `<li><b>${escaped(name)}</b> ${escaped(text)}</li>`);
  return `<!doctype html><meta charset="utf-8"><title>${escaped(title)}</title>
<h1>${escaped(title)}</h1>
<ol>${rows.join('')}</ol>
<form method="post" action="/sign"><input name="name" required maxlength="60">
<input name="text" required maxlength="500"><button>Sign</button></form>
`;
}

async function bodyOf(request) {
  let body = '';
  for await (const chunk of request) {
    body += chunk;
    if (body.length > MAX_BYTES) throw new Error('too long');
  }
  return new URLSearchParams(body);
}

async function answer(request, response) {
  const route = `${request.method} ${request.url}`;
  if (route === 'GET /healthz') return response.end('ok\n');
  if (route === 'GET /') {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    return response.end(page());
  }
  if (route === 'POST /sign') {
    const form = await bodyOf(request);
    entries.push({ name: form.get('name') ?? '', text: form.get('text') ?? '' });
    entries = entries.slice(-MAX_ENTRIES);
    save();
    return response.writeHead(303, { location: '/' }).end();
  }
  if (route === 'DELETE /entries') {
    if (!isOwner(request)) {
      return response.writeHead(401, { 'www-authenticate': 'Basic realm="owner"' }).end('not the owner\n');
    }
    entries = [];
    save();
    return response.end('removed\n');
  }
  return response.writeHead(404).end('not found\n');
}

createServer((request, response) => {
  answer(request, response).catch(() => response.writeHead(400).end('cannot be read\n'));
}).listen(Number(process.env.PORT), '0.0.0.0');
JS
umask 077
{
  printf 'TITLE="%s"\n' "$(printf '%s' "$TITLE" | sed 's/[\\"]/\\&/g')"
  printf 'PORT=%s\nADMIN_PASSWORD=%s\n' "$PORT" "$ADMIN_PASSWORD"
} > /opt/guest-book/environment
cat > /etc/systemd/system/guest-book.service <<'UNIT'
[Unit]
Description=Guest book
After=network.target

[Service]
EnvironmentFile=/opt/guest-book/environment
ExecStart=/usr/bin/node /opt/guest-book/server.mjs
Restart=always

[Install]
WantedBy=multi-user.target
UNIT
chmod 644 /etc/systemd/system/guest-book.service

echo '#dc-step 3/3 Starting it'
systemctl daemon-reload
systemctl enable guest-book.service
systemctl restart guest-book.service
echo "The guest book is at port $PORT. The owner's password is in the credentials of the rental."
