// The demo's broker: the product as it is, in a process of its own, with the demo's people added at
// the first start and the record's lines handed to the page as they come.

import { openLog } from '@wardkey/broker/platform/log'
import { initBroker } from '@wardkey/broker/init'
import { parseSettings } from '@wardkey/broker/platform/settings'
import { zoneSettings } from '@wardkey/broker/policy/zone-settings'
import { exportRecord } from '@wardkey/broker/audit/export-record'
import { makeAdminToken } from '@wardkey/broker/flows/admin-tokens'
import { addPerson } from '@wardkey/broker/flows/add-person'
import { enrolBadge } from '@wardkey/broker/flows/enrol-badge'
import { mintToken } from '@wardkey/broker/flows/mint-token'
import { setPin } from '@wardkey/broker/flows/set-pin'
import { startBroker } from '@wardkey/broker/main'
import type { RunningBroker } from '@wardkey/broker/main'
import { Fault } from '@wardkey/broker/platform/fault'
import { zoneId } from '@wardkey/protocol/ids'
import { people } from './hospital.ts'
import { KnownNames } from './known-names.ts'
import type { Names } from './known-names.ts'

/** To the demo's program. */
export type FromBroker =
  | {
      readonly kind: 'ready'
      readonly caPem: string
      readonly vkey: string
      readonly tokens: readonly string[]
      /** Made where the order asks for one. */
      readonly reviewToken?: string
    }
  | { readonly kind: 'peopled' }
  | { readonly kind: 'record'; readonly lines: readonly string[]; readonly names: Names }
  | { readonly kind: 'failed'; readonly code: string; readonly text: string }

export interface BrokerOrder {
  readonly settingsFile: string
  readonly isPeopled: boolean
  readonly hasReviewToken: boolean
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
  if (!order.isPeopled) {
    await addPeople(broker)
    tell({ kind: 'peopled' })
  }
  const tokens: string[] = []
  for (const zone of order.tokensFor) tokens.push(await tokenFor(broker, zone))
  const made = order.hasReviewToken ? {} : { reviewToken: await reviewTokenFor(broker) }
  tell({ kind: 'ready', caPem: broker.caPem, vkey: broker.recordKey, tokens, ...made })
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

async function addPeople({ needs }: RunningBroker): Promise<void> {
  for (const { given, family, roles, uid, pin, staffNumber } of people) {
    const added = await needs.perform(() =>
      addPerson({ name: { given, family }, roles: [...roles], staffNumber, by }, needs),
    )
    if (added.answer.kind !== 'added') throw new Error('the demo’s people could not be added')
    const { personId } = added.answer
    const card = { technology: 'csn', canonical: uid } as const
    const enrolled = await needs.perform(() => enrolBadge({ personId, card, by }, needs))
    const set = await setPin({ personId, pin, by }, needs)
    if (enrolled.answer.kind !== 'enrolled' || set.answer.kind !== 'set') {
      throw new Error('the demo’s people could not be added')
    }
  }
}

async function tokenFor({ needs }: RunningBroker, zone: string): Promise<string> {
  const order = { zoneId: zoneId.parse(zone), uses: 1, lifeMs: 600_000, by }
  const minted = await needs.perform(() => mintToken(order, needs))
  if (minted.answer.kind !== 'minted') throw new Error('no enrolment token could be made')
  return minted.answer.token
}

async function reviewTokenFor({ needs }: RunningBroker): Promise<string> {
  const order = { name: 'privacy office', scopes: ['emergency:review'] } as const
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
