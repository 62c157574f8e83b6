// The agent's presence sensors under observation inside the virtual machine: what they told, what
// they logged, and waiting for either. The watch is the agent's own.

import { setTimeout as sleep } from 'node:timers/promises'
import { sensorReaderFor } from '../../../agent/src/desktop/presence/hid/sensor-reader.ts'
import { SensorWatch } from '../../../agent/src/desktop/presence/hid/sensor-watch.ts'
import { loadHidDevices } from '../../../agent/src/platform/hid-devices.ts'
import type { HidReports } from '../../../agent/src/platform/hid-devices.ts'
import { realClock } from '../../kit/real-clock.ts'

/** Under emulation everything takes its time. */
const tellWithinMs = 20_000

export class WatchedSensors {
  readonly #told: string[] = []
  readonly #logged: string[] = []
  readonly #looks = { begun: 0, ended: 0 }
  readonly #watch: SensorWatch
  #heard = 0
  #read = 0
  #isTyped = false

  constructor(keyboards: Readonly<Record<string, string>>) {
    const note = (event: string, { kind, reason }: { kind?: string; reason?: string }): void => {
      this.#logged.push([event, kind, reason].filter((part) => part !== undefined).join(' '))
    }
    this.#watch = new SensorWatch({
      clock: realClock,
      log: { info: note, warn: note, error: note },
      load: async () => this.#counted(await loadHidDevices()),
      readerFor: (device, hid) => sensorReaderFor(device, hid, { descriptors: {}, keyboards }),
      onBody: (isNear) => {
        this.#told.push(isNear ? 'near' : 'away')
        this.#isTyped = this.#watch.hasTyped(realClock.monoMs())
      },
      onLost: () => this.#told.push('lost'),
    })
  }

  get status(): SensorWatch['status'] {
    return this.#watch.status
  }

  /** Everything that has been told and was not waited for. */
  get unheard(): readonly string[] {
    return this.#told.slice(this.#heard)
  }

  /** Whether a sensor had typed, at the moment when the last word was told. */
  get isTyped(): boolean {
    return this.#isTyped
  }

  /** The next words that it tells are these, and nothing between. */
  async tells(...words: readonly string[]): Promise<void> {
    for (const word of words) {
      await this.#until(() => this.unheard.length > 0, word)
      const told = this.#told[this.#heard]
      this.#heard += 1
      if (told !== word) throw new Error(`${String(told)} instead of ${word}; ${this.#story()}`)
    }
  }

  /** That line of the log, which was not waited for before. */
  async logs(line: string): Promise<void> {
    const at = (): number => this.#logged.indexOf(line, this.#read)
    await this.#until(() => at() >= 0, line)
    this.#read = at() + 1
  }

  /** Waits until it has looked for devices once more, from now on. */
  async looks(): Promise<void> {
    const { begun } = this.#looks
    await this.#until(() => this.#looks.ended > begun, 'a look')
  }

  close(): Promise<void> {
    return this.#watch.close()
  }

  #counted(hid: HidReports): HidReports {
    const list = async (): ReturnType<HidReports['list']> => {
      this.#looks.begun += 1
      const look = this.#looks.begun
      const devices = await hid.list()
      this.#looks.ended = look
      return devices
    }
    return { ...hid, list }
  }

  async #until(holds: () => boolean, what: string): Promise<void> {
    for (let waited = 0; !holds(); waited += 20) {
      if (waited > tellWithinMs) throw new Error(`never ${what}; ${this.#story()}`)
      await sleep(20)
    }
  }

  #story(): string {
    return `told ${this.#told.join(' ')}; logged ${this.#logged.join(', ')}`
  }
}
