// The makings of evidence that are under way or just done, one after another: how far each is, and
// its archive for a quarter of an hour. It keeps nothing on disk, and gives one only to whom it is
// for.

import type { EvidenceStanding } from '@wardkey/protocol/admin/evidence/evidence'
import { sha256 } from '../../../audit/evidence/archive/manifest.ts'
import type { EvidenceResults } from '../../../audit/evidence/results.ts'
import { noteEvidence } from '../../../flows/evidence/ask-for-evidence.ts'
import type { EvidenceTask } from '../../../flows/evidence/ask-for-evidence.ts'
import { makeEvidence } from '../../../flows/evidence/make-evidence.ts'
import { Fault } from '../../../platform/fault.ts'
import type { AdminNeeds } from '../admin-needs.ts'

const keptMs = 15 * 60_000
const keptMost = 4

interface Making {
  readonly by: string
  /** When it came out, or did not: nothing while it is under way, however long that takes. */
  doneMs?: number
  standing: EvidenceStanding
  zip?: Buffer
}

export class EvidenceDesk {
  readonly #needs: AdminNeeds
  readonly #makings = new Map<string, Making>()
  #last: Promise<void> = Promise.resolve()
  #isStopping = false
  #isClaimed = false

  constructor(needs: AdminNeeds) {
    this.#needs = needs
  }

  /** True for one at a time, until it has begun or gives it back: of those who ask together too. */
  claim(): boolean {
    const makings = [...this.#makings.values()]
    if (this.#isClaimed || makings.some(({ standing }) => standing.state === 'gathering')) {
      return false
    }
    this.#isClaimed = true
    return true
  }

  giveBack(): void {
    this.#isClaimed = false
  }

  begin(task: EvidenceTask): void {
    this.#forget()
    const standing = { state: 'gathering', read: 0, of: 0 } as const
    const making: Making = { by: task.by, standing }
    this.#makings.set(task.id, making)
    this.#last = this.#last.then(() => this.#make(task, making))
  }

  find(id: string, by: string): Pick<Making, 'standing' | 'zip'> | undefined {
    this.#forget()
    const making = this.#makings.get(id)
    return making?.by === by ? making : undefined
  }

  /** What is under way is given up at its next page: the broker stops. */
  async stop(): Promise<void> {
    this.#isStopping = true
    await this.#last
  }

  async #make(task: EvidenceTask, making: Making): Promise<void> {
    try {
      const { zip, results } = await makeEvidence(task, this.#needs, (read, of) => {
        if (this.#isStopping) throw new Fault('store-unavailable', 'transient')
        making.standing = { state: 'gathering', read, of }
      })
      const { by, id, from, to } = task
      const verdicts = verdictsOf(results)
      const hash = sha256(zip)
      const done = { by, id, sha256: hash, size: results.record.size, verdicts }
      await this.#needs.perform(noteEvidence(done, this.#needs))
      const name = `wardkey-evidence-${from}-${to}.zip`
      making.zip = zip
      making.standing = { state: 'ready', name, bytes: zip.length, sha256: hash, verdicts }
    } catch (thrown) {
      making.standing = { state: 'failed' }
      const code = thrown instanceof Fault ? thrown.code : 'internal'
      this.#needs.log.error('evidence.failed', { code })
    } finally {
      making.doneMs = this.#needs.nowMs()
    }
  }

  #forget(): void {
    const nowMs = this.#needs.nowMs()
    const done = [...this.#makings].filter(([, { standing }]) => standing.state !== 'gathering')
    const over = done.filter(([, { doneMs = nowMs }]) => nowMs - doneMs > keptMs)
    const most = done.slice(0, Math.max(0, done.length - keptMost))
    for (const [id] of [...over, ...most]) this.#makings.delete(id)
  }
}

function verdictsOf({ rules }: EvidenceResults) {
  const count = (of: EvidenceResults['rules'][number]['verdict']): number =>
    rules.filter(({ verdict }) => verdict === of).length
  return {
    met: count('met'),
    'not-met': count('not-met'),
    'not-applicable': count('not-applicable'),
    judgement: count('judgement'),
  }
}
