// The demo's broker: the product as it is, in a process of its own, with the record's lines handed
// to the page as they come. Its people come from the HR desk, by SCIM.

import { openLog } from '@wardkey/broker/platform/log'
import { initBroker } from '@wardkey/broker/init'
import { parseSettings } from '@wardkey/broker/platform/settings'
import { zoneSettings } from '@wardkey/broker/policy/zone-settings'
import { exportRecord } from '@wardkey/broker/audit/export-record'
import { makeAdminToken } from '@wardkey/broker/flows/admin-tokens'
import { mintToken } from '@wardkey/broker/flows/enrolment/mint-token'
import { startBroker } from '@wardkey/broker/main'
import type { RunningBroker } from '@wardkey/broker/main'
import { Fault } from '@wardkey/broker/platform/fault'
import { zoneId } from '@wardkey/protocol/ids'
import { KnownNames } from './known-names.ts'
import type { Names } from './known-names.ts'
import { offices } from './offices.ts'
import type { Office, OfficeTokens } from './offices.ts'

/** To the demo's program. */
export type FromBroker =
  | {
      readonly kind: 'ready'
      readonly caPem: string
      readonly vkey: string
      readonly tokens: readonly string[]
      /** Of the offices that had none. */
      readonly officeTokens: OfficeTokens
    }
  | { readonly kind: 'record'; readonly lines: readonly string[]; readonly names: Names }
  | { readonly kind: 'failed'; readonly code: string; readonly text: string }

export interface BrokerOrder {
  readonly settingsFile: string
  readonly officesWithout: readonly Office[]
  /** The zones of the workstations that are not enrolled yet. */
  readonly tokensFor: readonly string[]
}

const lookEveryMs = 150
const by = 'demo'

process.once('message', (order: BrokerOrder) => {
  run(order).catch((thrown: unknown) => {
    const code = thrown instanceof Fault ? thrown.code : 'internal'
    const cause = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown
    tell({ kind: 'failed', code, text: cause instanceof Error ? cause.message : '' })
    process.exitCode = 1
    process.disconnect()
  })
})

async function run(order: BrokerOrder): Promise<void> {
  const parsed = parseSettings({ file: order.settingsFile }, zoneSettings)
  if (parsed.kind === 'invalid') throw new Error(parsed.complaints.join('; '))
  const log = openLog('warn')
  await initBroker(parsed.settings, log)
  const broker = await startBroker(parsed.settings, log)
  const tokens: string[] = []
  for (const zone of order.tokensFor) tokens.push(await tokenFor(broker, zone))
  const officeTokens: Partial<Record<Office, string>> = {}
  for (const office of order.officesWithout) {
    officeTokens[office] = await officeTokenFor(broker, office)
  }
  tell({ kind: 'ready', caPem: broker.caPem, vkey: broker.recordKey, tokens, officeTokens })
  const teller = tellRecord(broker)
  const stop = (): void => {
    clearInterval(teller)
    void broker
      .close()
      .then(() => log.close())
      .then(() => process.exit(0))
  }
  process.once('SIGTERM', stop)
  process.once('disconnect', stop)
  // Ctrl-C reaches the whole group; the demo's program ends us in order.
  process.on('SIGINT', () => undefined)
}

async function tokenFor({ needs }: RunningBroker, zone: string): Promise<string> {
  const order = { zoneId: zoneId.parse(zone), uses: 1, lifeMs: 600_000, by }
  const minted = await needs.perform(() => mintToken(order, needs))
  if (minted.answer.kind !== 'minted') throw new Error('no enrolment token could be made')
  return minted.answer.token
}

async function officeTokenFor({ needs }: RunningBroker, office: Office): Promise<string> {
  const order = { ...offices[office], by }
  const made = await needs.perform(() => Promise.resolve(makeAdminToken(order, needs)))
  return made.answer.token
}

/** Every line once, in order: entries as they are signed, each checkpoint after what it covers. */
function tellRecord(broker: RunningBroker): NodeJS.Timeout {
  let told = 0
  let isTelling = false
  const known = new KnownNames(broker.needs)
  return setInterval(() => {
    const size = broker.sealer.head?.size ?? 0
    if (isTelling || size <= told) return
    isTelling = true
    void newLines(broker, told)
      .then(async ({ lines, upTo }) => {
        told = upTo
        if (lines.length === 0) return
        tell({ kind: 'record', lines, names: await known.namesIn(lines) })
      })
      .finally(() => {
        isTelling = false
      })
  }, lookEveryMs)
}

async function newLines(
  broker: RunningBroker,
  from: number,
): Promise<{ lines: string[]; upTo: number }> {
  const lines: string[] = []
  let pending: string[] = []
  let next = 0
  let upTo = from
  for await (const line of exportRecord(
    broker.needs.db,
    broker.recordKey.split('+')[0] ?? '',
    Date.now(),
  )) {
    if (line.kind === 'header' && from === 0) lines.push(JSON.stringify(line))
    if (line.kind === 'entry') {
      if (line.index >= from) pending.push(JSON.stringify(line))
      next = line.index + 1
    } else if (line.kind === 'checkpoint' && next > upTo) {
      lines.push(...pending, JSON.stringify(line))
      pending = []
      upTo = next
    }
  }
  return { lines, upTo }
}

function tell(message: FromBroker): void {
  process.send?.(message)
}
