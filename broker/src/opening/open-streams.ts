// Opens the streams of the settings: the ways out, with their secrets from the key folder, and the
// desk that sends by them.

import { generateKeyPairSync, randomBytes, randomInt, randomUUID } from 'node:crypto'
import type { Base, Core } from '../broker-core.ts'
import { parsePrivateAddresses } from '../doors/oidc/outgoing.ts'
import { FhirSender } from '../doors/streams/senders/fhir-sender.ts'
import { FileSender } from '../doors/streams/senders/file-sender.ts'
import { publicJwk, SmartToken } from '../doors/streams/senders/smart-token.ts'
import { SyslogSender } from '../doors/streams/senders/syslog-sender.ts'
import { WebhookSender } from '../doors/streams/senders/webhook-sender.ts'
import { StreamDesk } from '../doors/streams/stream-desk.ts'
import type { StreamPart } from '../doors/streams/stream-desk.ts'
import { watchStreams } from '../doors/streams/stream-metrics.ts'
import { keyFault } from '../platform/keys/key-folder.ts'
import type { KeyFolder } from '../platform/keys/key-folder.ts'
import type { StreamOf, StreamSetting } from '../platform/setting-rows/stream-settings.ts'
import { version } from '../platform/version.ts'

const chances = 2 ** 20

/** Nothing is sent before `start`. */
export async function openStreams(base: Base, core: Core): Promise<StreamDesk> {
  const { settings, keys, sealer, shutdown, metrics } = base
  const parts: StreamPart[] = []
  for (const setting of settings.streams) parts.push(await partOf(setting, keys.folder, core))
  const desk = new StreamDesk(parts, {
    store: core.store,
    log: core.log,
    nowMs: core.nowMs,
    monotonicMs: core.monotonicMs,
    chance: () => randomInt(chances) / chances,
    personKeys: core.personKeys,
    origin: settings['record.origin'],
    sealedSize: () => sealer.head?.size ?? 0,
    runId: randomUUID(),
  })
  watchStreams(metrics.registry, desk)
  shutdown.add('chores', () => desk.stop())
  return desk
}

async function partOf(setting: StreamSetting, folder: KeyFolder, core: Core): Promise<StreamPart> {
  const { nowMs, newId } = core
  switch (setting.kind) {
    case 'syslog':
      return { setting, open: () => new SyslogSender(setting, version) }
    case 'file':
      return { setting, open: () => new FileSender(setting, version, nowMs) }
    case 'webhook': {
      const secret = secretOf(setting.name, folder)
      const privateAddresses = parsePrivateAddresses(setting.privateAddresses)
      const needs = { secret, privateAddresses, nowMs, newId, version }
      return { setting, open: () => new WebhookSender(setting, needs) }
    }
    case 'fhir':
      return fhirPart(setting, folder, core)
  }
}

async function fhirPart(
  setting: StreamOf<'fhir'>,
  folder: KeyFolder,
  { nowMs, newId }: Core,
): Promise<StreamPart> {
  const { smart, caFile } = setting
  const privateAddresses = parsePrivateAddresses(setting.privateAddresses)
  if (smart === undefined) {
    return { setting, open: () => new FhirSender(setting, { privateAddresses, smart }) }
  }
  const keyPem = smartKeyOf(setting.name, folder)
  const needs = { keyPem, privateAddresses, caFile, nowMs, newId }
  const open = () =>
    new FhirSender(setting, { privateAddresses, smart: new SmartToken(smart, needs) })
  return { setting, open, jwk: await publicJwk(keyPem) }
}

/** Made where there is none: the receiver is given a copy of it. */
function secretOf(name: string, folder: KeyFolder): string {
  const file = `stream-${name}.secret`
  folder.create(file, `whsec_${randomBytes(32).toString('base64')}\n`)
  const secret = folder.find(file)?.trim() ?? ''
  if (!/^whsec_[A-Za-z0-9+/]{32,100}={0,2}$/.test(secret)) {
    throw keyFault(`${file}: it does not hold whsec_ and base64`)
  }
  return secret
}

function smartKeyOf(name: string, folder: KeyFolder): string {
  const file = `stream-${name}.smart.pem`
  if (folder.find(file) === undefined) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-384' })
    folder.create(file, privateKey.export({ format: 'pem', type: 'pkcs8' }).toString())
  }
  const pem = folder.find(file)
  if (pem?.includes('PRIVATE KEY') !== true) throw keyFault(`${file}: it holds no key`)
  return pem
}
