#!/bin/bash
# A web page with your title, served by a small program that starts again by itself.
set -euo pipefail

echo '#dc-step 1/3 Installing the web server'
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -y -q nodejs

echo '#dc-step 2/3 Writing the page'
install -d -m 755 /opt/site
cat > /opt/site/server.mjs <<'JS'
import { createServer } from 'node:http';

const escaped = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const title = escaped(process.env.TITLE ?? '');
const page = `<!doctype html><meta charset="utf-8"><title>${title}</title>
<h1>${title}</h1>
<p>This page is served from a machine of your own.</p>
`;

createServer((request, response) => {
  response.writeHead(request.url === '/' ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' });
  response.end(request.url === '/' ? page : 'not found\n');
}).listen(Number(process.env.PORT), '0.0.0.0');
JS
{
  printf 'TITLE="%s"\n' "$(printf '%s' "$TITLE" | sed 's/[\\"]/\\&/g')"
  printf 'PORT=%s\n' "$PORT"
} > /opt/site/environment
cat > /etc/systemd/system/site.service <<'UNIT'
[Unit]
Description=Static site
After=network.target

[Service]
EnvironmentFile=/opt/site/environment
ExecStart=/usr/bin/node /opt/site/server.mjs
Restart=always

[Install]
WantedBy=multi-user.target
UNIT

echo '#dc-step 3/3 Starting it'
systemctl daemon-reload
systemctl enable site.service
systemctl restart site.service
echo "The site is at port $PORT."
