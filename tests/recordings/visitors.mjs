// A browser and a person ask to be let in: written down with OpenClaw's own functions. Usage: node visitors.mjs DIST
import { readdirSync } from 'node:fs';

const dist = process.argv[2] + '/';
async function named(begins, name) {
  for (const file of readdirSync(dist)) {
    if (!file.startsWith(begins) || !file.endsWith('.mjs')) continue;
    const found = Object.values(await import(dist + file)).find((value) => value?.name === name);
    if (found) return found;
  }
  throw new Error(name);
}

const write = await named('pairing-store', 'upsertChannelPairingRequest');
await write({ channel: 'telegram', id: '987654321098765432', accountId: 'default', meta: { username: 'ada', firstName: 'Ada' } });
const ask = await named('device-pairing-', 'requestDevicePairing');
await ask({
  deviceId: '12'.repeat(32), publicKey: '34'.repeat(32), displayName: 'Chrome', platform: 'MacIntel',
  clientId: 'openclaw-control-ui', clientMode: 'webchat', role: 'operator', roles: ['operator'],
  scopes: ['operator.read', 'operator.write', 'operator.pairing', 'operator.admin'], remoteIp: '198.51.100.7',
});
process.exit(0);
