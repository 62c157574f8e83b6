// Opens the desk that tells compliance of emergencies, by the ways that settings name.

import { randomBytes, randomInt } from 'node:crypto'
import type { Base, Core } from '../broker-core.ts'
import { ComplianceDesk } from '../doors/compliance/compliance-desk.ts'
import { alertText } from '../doors/compliance/alert-text.ts'
import { grantText } from '../doors/compliance/notice-text.ts'
import type { MailSettings } from '../doors/compliance/send-mail.ts'
import type { WebhookSettings } from '../doors/compliance/send-webhook.ts'
import { parsePrivateAddresses } from '../doors/oidc/outgoing.ts'
import { toldAlert } from '../flows/alerts/told-alert.ts'
import { toldGrant } from '../flows/told-grant.ts'
import { every } from '../platform/every.ts'
import { keyFault } from '../platform/keys/key-folder.ts'
import type { KeyFolder } from '../platform/keys/key-folder.ts'
import type { Settings } from '../platform/settings.ts'

/** What another broker wrote, or could not tell, is looked for so often. */
const lookMs = 5000
const secretFile = 'compliance-webhook.secret'
const passwordFile = 'compliance-smtp.password'
const chances = 2 ** 20

export function openCompliance({ settings, keys, shutdown, log }: Base, core: Core): void {
  const webhook = webhookOf(settings, keys.folder)
  const mail = mailOf(settings, keys.folder)
  if (!webhook && !mail) {
    log.info('compliance.nobody-told', { reason: 'settings name no webhook and no mail' })
    return
  }
  const isNamed = settings['compliance.names']
  const desk = new ComplianceDesk({
    ...core,
    chance: () => randomInt(chances) / chances,
    tell: async (about) => {
      if (about.kind === 'alert') {
        const alert = await toldAlert(about.alertId, isNamed, core)
        return alert && alertText(alert)
      }
      const grant = await toldGrant(about.grantId, isNamed, core)
      return grant && grantText(grant)
    },
    webhook,
    mail,
  })
  core.notices.joinCompliance(desk)
  const stop = every(
    lookMs,
    'compliance.round-failed',
    () => {
      desk.wake()
      return desk.idle()
    },
    log,
  )
  shutdown.add('chores', async () => {
    await stop()
    await desk.idle()
  })
  desk.wake()
}

/** The secret is made where there is none: the receiver is given a copy of it. */
function webhookOf(settings: Settings, folder: KeyFolder): WebhookSettings | undefined {
  const url = settings['compliance.webhookUrl']
  if (url === '') return undefined
  folder.create(secretFile, `whsec_${randomBytes(32).toString('base64')}\n`)
  const secret = folder.find(secretFile)?.trim() ?? ''
  if (!/^whsec_[A-Za-z0-9+/]{32,100}={0,2}$/.test(secret)) {
    throw keyFault(`${secretFile}: it does not hold whsec_ and base64`)
  }
  const privateAddresses = parsePrivateAddresses(settings['compliance.privateAddresses'])
  return { url, secret, privateAddresses }
}

function mailOf(settings: Settings, folder: KeyFolder): MailSettings | undefined {
  const to = settings['compliance.mailTo']
  if (to.length === 0) return undefined
  const user = settings['compliance.smtpUser']
  const password = user === '' ? undefined : folder.find(passwordFile)?.trim()
  if (user !== '' && password === undefined) {
    throw keyFault(`${folder.path}: there is no ${passwordFile} for compliance.smtpUser`)
  }
  return {
    host: settings['compliance.smtpHost'],
    port: settings['compliance.smtpPort'],
    tls: settings['compliance.smtpTls'],
    account: password === undefined ? undefined : { user, password },
    from: settings['compliance.mailFrom'],
    to,
  }
}
