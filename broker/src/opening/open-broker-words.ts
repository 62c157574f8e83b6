// Opens the ear for what other brokers of the same database say: a look at every wake-up, and every
// quarter of a second without one.

import type { Base, Core } from '../broker-core.ts'
import { every } from '../platform/every.ts'
import { Fault } from '../platform/fault.ts'
import { listenOnServer } from '../store/postgres/listen.ts'

const lookEveryMs = 250
const channel = 'wardkey_broker_word'

/** Before workstations are let in: what is there by then is not for them. */
export async function openBrokerWords({ settings, shutdown }: Base, core: Core): Promise<void> {
  const { words, log } = core
  if (!words) return
  await words.start()
  const ear = new Ear(
    () => words.look(),
    (thrown) => {
      const code = thrown instanceof Fault ? thrown.code : 'store-unavailable'
      log.error('broker.words-not-heard', { code })
    },
  )
  const stopListening = listenOnServer(settings['store.postgresUrl'], channel, () => {
    ear.wake()
  })
  const stopLooking = every(
    lookEveryMs,
    'broker.words-not-heard',
    () => {
      ear.wake()
      return ear.idle()
    },
    log,
  )
  shutdown.add('chores', async () => {
    await Promise.all([stopListening(), stopLooking()])
    await ear.idle()
  })
}

/** One look at a time; whoever wakes it meanwhile gets another one after it. */
class Ear {
  readonly #look: () => Promise<void>
  readonly #onFailed: (thrown: unknown) => void
  #looking: Promise<void> | undefined
  #isWoken = false
  #hasFailed = false

  constructor(look: () => Promise<void>, onFailed: (thrown: unknown) => void) {
    this.#look = look
    this.#onFailed = onFailed
  }

  wake(): void {
    this.#isWoken = true
    this.#looking ??= this.#lookOn().finally(() => {
      this.#looking = undefined
    })
  }

  async idle(): Promise<void> {
    await this.#looking
  }

  async #lookOn(): Promise<void> {
    while (this.#isWoken) {
      this.#isWoken = false
      try {
        await this.#look()
        this.#hasFailed = false
      } catch (thrown) {
        // Said once for each outage: the next look is a quarter of a second away.
        if (!this.#hasFailed) this.#onFailed(thrown)
        this.#hasFailed = true
      }
    }
  }
}
