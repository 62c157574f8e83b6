// The session's half of updates as this machine needs it, with its own way to brokers. Nothing runs
// where no release key is set, where this workstation is not to be updated, or on a kind of machine
// that no release is made for.

import { randomUUID } from 'node:crypto'
import { updateTarget } from '@wardkey/protocol/workstation/updates/release'
import { UpdateCalls } from '../../link/updates/update-calls.ts'
import type { UpdateCallNeeds } from '../../link/updates/update-calls.ts'
import { systemClock } from '../../platform/clock.ts'
import type { Clock } from '../../platform/clock.ts'
import { ownDisk } from '../../platform/disk.ts'
import type { Settings } from '../../platform/settings.ts'
import { version } from '../../platform/version.ts'
import { fetchPackage } from '../../updates/fetch/fetch-package.ts'
import { handOverPlaces } from '../../updates/hand-over/hand-over-places.ts'
import { SessionBook } from '../../updates/session/session-book.ts'
import { SessionWatch } from '../../updates/session/session-watch.ts'
import type { SessionWatchNeeds } from '../../updates/session/session-watch.ts'

type SessionUpdateNeeds = Pick<UpdateCallNeeds, 'addresses' | 'identity'> &
  Pick<SessionWatchNeeds, 'state' | 'probe' | 'random' | 'log'> & {
    readonly clock?: Clock | undefined
  }

export class SessionUpdates {
  /** Resolves when the agent is to end in order, so that the release that is installed is begun. */
  readonly replaced: Promise<undefined>
  readonly #watch: SessionWatch | undefined
  readonly #ending: AbortController

  private constructor(
    watch: SessionWatch | undefined,
    replaced: Promise<undefined>,
    ending: AbortController,
  ) {
    this.#watch = watch
    this.replaced = replaced
    this.#ending = ending
  }

  /** Never rejects. By the real time unless told: the wall has to be that of the other part. */
  static async open(settings: Settings, needs: SessionUpdateNeeds): Promise<SessionUpdates> {
    const replaced = Promise.withResolvers<undefined>()
    const ending = new AbortController()
    const onReplaced = (): void => {
      replaced.resolve(undefined)
    }
    const opening = watchFor(settings, { ...needs, onReplaced }, ending.signal)
    // A workstation that cannot be updated is one that people can sign in to.
    const watch = await opening.catch((thrown: unknown) => {
      const reason = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : 'unknown'
      needs.log.error('updates.failed', { reason })
      return undefined
    })
    return new SessionUpdates(watch, replaced.promise, ending)
  }

  start(): void {
    this.#watch?.start()
  }

  changed(): void {
    this.#watch?.changed()
  }

  /** Waits for no package that is half fetched: it goes on at the next start. */
  async stop(): Promise<void> {
    this.#ending.abort()
    await this.#watch?.stop()
  }
}

async function watchFor(
  settings: Settings,
  needs: SessionUpdateNeeds & Pick<SessionWatchNeeds, 'onReplaced'>,
  signal: AbortSignal,
): Promise<SessionWatch | undefined> {
  const releaseKey = settings['updates.releaseKey']
  if (releaseKey === '' || !settings['updates.enabled']) return undefined
  const target = updateTarget.safeParse(`${process.platform}-${process.arch}`)
  if (!target.success) return undefined
  const { addresses, identity, clock = systemClock, ...ears } = needs
  const places = handOverPlaces(settings['updates.folder'])
  const broker = new UpdateCalls({ addresses, identity, signal })
  return new SessionWatch({
    ...ears,
    ...{ places, broker },
    book: await SessionBook.open(settings.dataDir, releaseKey, ownDisk),
    fetch: (file) => fetchPackage(file, { folder: places.packages, broker }),
    here: { target: target.data, running: version },
    run: randomUUID(),
    everyMs: settings['updates.everyMinutes'] * 60_000,
    clock,
  })
}
