// The demo's privacy office: what it has heard, how soon, and the reviews that it closes. It keeps
// its own list in the demo's folder, as whoever receives such notices has one of their own.

import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { heardNotice } from '../demo-messages.ts'
import type { HeardNotice, PageMessage } from '../demo-messages.ts'
import { closeReview } from './close-review.ts'
import type { ClosedReview } from './closed-reviews.ts'
import type { AdminDoor } from './close-review.ts'
import { openReceiver } from './receiver.ts'
import type { Receiver } from './receiver.ts'

export interface PrivacyOfficeNeeds {
  /** The file of its list. */
  readonly file: string
  readonly secret: () => string
  readonly onChange: (notices: readonly HeardNotice[]) => void
}

type Review = Extract<PageMessage, { kind: 'review' }>

/** The newest; older ones are in the record all the same. */
const keptMax = 50

export class PrivacyOffice {
  readonly #needs: PrivacyOfficeNeeds
  readonly #receiver: Receiver
  /** Reviews that the broker was asked to close, and has not answered yet. */
  readonly #asked = new Set<string>()
  /** What the record says of them, also where the notice has yet to come. */
  readonly #closed = new Map<string, ClosedReview['outcome']>()
  #notices: readonly HeardNotice[]

  private constructor(needs: PrivacyOfficeNeeds, receiver: Receiver, notices: HeardNotice[]) {
    this.#needs = needs
    this.#receiver = receiver
    this.#notices = notices
  }

  static async open(needs: PrivacyOfficeNeeds): Promise<PrivacyOffice> {
    const kept = readNotices(needs.file)
    const receiver = await openReceiver({
      secret: needs.secret,
      nowMs: Date.now,
      onNotice: (notice) => {
        office.#hear(notice)
      },
    })
    const office = new PrivacyOffice(needs, receiver, kept)
    return office
  }

  /** Where the broker is to send its notices. */
  get url(): string {
    return this.#receiver.url
  }

  get notices(): readonly HeardNotice[] {
    return this.#notices
  }

  async review({ grantId, outcome, note }: Review, door: AdminDoor): Promise<void> {
    // Of what nobody heard of nothing is asked, and pressed twice it is asked once.
    if (!this.#find(grantId) || this.#asked.has(grantId)) return
    this.#asked.add(grantId)
    const trouble = await closeReview(grantId, { outcome, note }, door).finally(() => {
      this.#asked.delete(grantId)
    })
    const known = this.#find(grantId)
    if (!known) return
    const { trouble: _before, ...notice } = known
    if (trouble === undefined) this.#put({ ...notice, outcome })
    else this.#put({ ...notice, trouble })
  }

  /** Reviews are closed elsewhere as well, and the record holds them all. */
  noteClosed(reviews: readonly ClosedReview[]): void {
    for (const { grantId, outcome } of reviews) {
      this.#closed.set(grantId, outcome)
      const known = this.#find(grantId)
      if (!known || known.outcome === outcome) continue
      const { trouble: _settled, ...notice } = known
      this.#put({ ...notice, outcome })
    }
  }

  close(): Promise<void> {
    return this.#receiver.close()
  }

  /** The same again under another id keeps what came of it. */
  #hear(notice: HeardNotice): void {
    if (this.#find(notice.grantId)) return
    const outcome = this.#closed.get(notice.grantId)
    this.#put({ ...notice, ...(outcome === undefined ? {} : { outcome }) })
  }

  #find(grantId: string): HeardNotice | undefined {
    return this.#notices.find((one) => one.grantId === grantId)
  }

  #put(notice: HeardNotice): void {
    const isKnown = this.#find(notice.grantId) !== undefined
    this.#notices = isKnown
      ? this.#notices.map((one) => (one.grantId === notice.grantId ? notice : one))
      : [...this.#notices, notice].slice(-keptMax)
    writeFileSync(this.#needs.file, JSON.stringify(this.#notices), { mode: 0o600 })
    this.#needs.onChange(this.#notices)
  }
}

function readNotices(file: string): HeardNotice[] {
  if (!existsSync(file)) return []
  const text: unknown = JSON.parse(readFileSync(file, 'utf8'))
  return z.array(heardNotice).parse(text)
}
