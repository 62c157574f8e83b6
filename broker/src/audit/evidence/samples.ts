// Which facts are shown as samples: drawn by a hash of the signed root and the place, so that
// neither the house nor whoever makes the evidence chooses them, and an auditor can draw them
// again. Pure.

import { hash } from 'node:crypto'
import type { Picks } from './evidence-rule.ts'

const picksMax = 2

export function samplesBy(root: Uint8Array): Picks {
  const seed = Buffer.from(root).toString('base64')
  return {
    draw() {
      const drawn: { readonly lot: string; readonly index: number }[] = []
      return {
        offer(index) {
          const lot = hash('sha256', `${seed}\n${String(index)}`)
          const last = drawn.at(-1)
          if (drawn.length === picksMax && last && last.lot < lot) return
          drawn.push({ lot, index })
          drawn.sort((a, b) => (a.lot < b.lot ? -1 : 1))
          drawn.length = Math.min(drawn.length, picksMax)
        },
        get picked() {
          return drawn.map(({ index }) => index).sort((a, b) => a - b)
        },
      }
    },
  }
}
