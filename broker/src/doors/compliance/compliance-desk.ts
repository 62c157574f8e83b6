// Tells compliance what waits to be told: at once where it can be, and again and again where it
// cannot. Each notice is claimed before it is sent, so that of several brokers one sends it; a
// broker that dies between sending and settling sends it again, under the same id.

import type { ComplianceNotice, NoticeAbout } from '../../flows/compliance-notice-row.ts'
import { claimNotice, dueNotices, retryNotice } from '../../flows/compliance-notice-row.ts'
import type { Perform } from '../../flows/perform.ts'
import { noteNotTold, noteTold } from '../../flows/tell-compliance.ts'
import type { FlowNeeds } from '../../flows/flow-needs.ts'
import type { Log } from '../../platform/log.ts'
import type { Store } from '../../store/store.ts'
import { sendMail } from './send-mail.ts'
import type { MailSettings } from './send-mail.ts'
import { sendWebhook } from './send-webhook.ts'
import type { WebhookSettings } from './send-webhook.ts'

/** One notice, as each way carries it. */
export interface NoticeText {
  /** JSON, as Standard Webhooks shape it. */
  readonly body: string
  readonly mail: { readonly subject: string; readonly text: string }
}

export interface ComplianceDeskNeeds extends FlowNeeds {
  readonly store: Store
  readonly perform: Perform
  readonly log: Log
  /** From 0 to below 1: so that brokers and notices do not all come back at once. */
  readonly chance: () => number
  /** In words for each way; nothing where what it tells of is not there. */
  readonly tell: (about: NoticeAbout) => Promise<NoticeText | undefined>
  readonly webhook: WebhookSettings | undefined
  readonly mail: MailSettings | undefined
}

/** In one round; the rest is for the next. */
const roundMax = 20
/** Longer than any way of telling takes: until then nobody else tries it. */
const claimMs = 20_000
const retryFirstMs = 2000
/** Within a minute of its being possible again everything is told. */
const retryMaxMs = 40_000

export class ComplianceDesk {
  readonly #needs: ComplianceDeskNeeds
  #round: Promise<void> | undefined
  #isAskedAgain = false

  constructor(needs: ComplianceDeskNeeds) {
    this.#needs = needs
  }

  /** There is news: looks as soon as the round that goes on is over. */
  wake(): void {
    this.#isAskedAgain = true
    if (this.#round) return
    this.#round = this.#rounds()
      .catch((thrown: unknown) => {
        // The database does not answer: the next round is a few seconds away.
        const reason = thrown instanceof Error ? thrown.name : 'unknown'
        this.#needs.log.error('compliance.round-failed', { reason })
      })
      .finally(() => {
        this.#round = undefined
      })
  }

  /** Resolves when nothing is under way: for an orderly stop, and for tests. */
  async idle(): Promise<void> {
    while (this.#round) await this.#round
  }

  async #rounds(): Promise<void> {
    while (this.#isAskedAgain) {
      this.#isAskedAgain = false
      const { db, nowMs } = this.#needs
      const due = await dueNotices(db, nowMs(), roundMax)
      // Side by side: a webhook that hangs holds up no mail.
      await Promise.all(due.map((notice) => this.#deliver(notice)))
      if (due.length === roundMax) this.#isAskedAgain = true
    }
  }

  async #deliver(notice: ComplianceNotice): Promise<void> {
    const { db, nowMs, store, perform, log } = this.#needs
    const next = nowMs() + Math.max(claimMs, this.#pauseMs(notice.attempts))
    const claimed = await store.commit({
      kind: 'housekeeping',
      writes: [claimNotice(db, notice, next)],
    })
    if (claimed.kind === 'conflict') return
    try {
      await this.#send(notice)
    } catch (thrown) {
      const reason = reasonOf(thrown)
      const attempt = notice.attempts + 1
      log.warn('compliance.not-told', { reason, attempt })
      const retryMs = nowMs() + this.#pauseMs(notice.attempts)
      if (isWorthAFact(attempt)) {
        await perform(() => noteNotTold(notice, reason, retryMs, this.#needs))
      } else {
        await store.commit({
          kind: 'housekeeping',
          writes: [retryNotice(db, notice, retryMs)],
        })
      }
      return
    }
    await perform(() => noteTold(notice, this.#needs))
  }

  async #send({ id, about, channel }: ComplianceNotice): Promise<void> {
    const { webhook, mail, tell, nowMs } = this.#needs
    const told = await tell(about)
    if (!told) throw new Error(`${about.kind}-unknown`)
    if (channel === 'webhook') {
      if (!webhook) throw new Error('not-in-settings')
      await sendWebhook({ id, body: told.body, nowMs: nowMs() }, webhook)
    } else {
      if (!mail) throw new Error('not-in-settings')
      await sendMail({ id, ...told.mail }, mail)
    }
  }

  /** Doubling, up to a limit, and somewhere in the upper half of it. */
  #pauseMs(attempts: number): number {
    const wholeMs = Math.min(retryMaxMs, retryFirstMs * 2 ** Math.min(attempts, 16))
    return Math.round(wholeMs * (0.5 + this.#needs.chance() / 2))
  }
}

/** The first one, and ever fewer of those that follow: an outage must not fill the record. */
function isWorthAFact(attempt: number): boolean {
  return Number.isInteger(Math.log2(attempt))
}

/** A word for the record and the log: never the address, never what the other side said. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'unknown'
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code
  return /^[a-z0-9-]{1,40}$/.test(thrown.message) ? thrown.message : thrown.name
}
