// The agent's code for devices inside a virtual machine: a USB-HID reader and presence sensors of
// the kernel's own through node-hid, a USB CCID reader through libccid and pcscd. One boot for all
// of it; a minute or two.

import { beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { checks } from './guest/check-list.ts'
import type { Check } from './guest/check-list.ts'
import { prepareGuest, runInGuest } from './virtual-machine.ts'

const script = new URL('./guest/start.sh', import.meta.url).pathname
const bootWithinMs = 280_000
const outcomeForm = z.strictObject({
  name: z.enum(checks),
  passed: z.boolean(),
  detail: z.string(),
})

describe.runIf(process.env['WARDKEY_HAS_QEMU'] === '1')('readers in a virtual machine', () => {
  const outcomes = new Map<Check, { readonly passed: boolean; readonly detail: string }>()
  const lines: string[] = []
  let cannot = ''

  beforeAll(async () => {
    try {
      await prepareGuest()
    } catch (error) {
      cannot = `no kernel to boot: ${error instanceof Error ? error.message : 'threw'}`
      console.log(`The virtual machine's tests are skipped: ${cannot}`)
      return
    }
    await runInGuest(script, bootWithinMs, (line) => {
      lines.push(line)
      const [, json] = /^check (\{.*\})\s*$/.exec(line) ?? []
      if (json === undefined) return
      const { name, passed, detail } = outcomeForm.parse(JSON.parse(json))
      outcomes.set(name, { passed, detail })
    })
  }, bootWithinMs + 220_000)

  it.for(checks)('%s', (name, context) => {
    if (cannot !== '') context.skip(cannot)
    const outcome = outcomes.get(name)
    expect(outcome?.passed, outcome?.detail ?? lines.slice(-40).join('\n')).toBe(true)
  })
})
