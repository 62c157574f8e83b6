// However many versions a house approves, the engine's memory does not grow with them; and a set
// whose place was given up still answers by its own policies.

import { beforeAll, describe, expect, it } from 'vitest'
import type { PolicySet } from './policy-set.ts'

/** The engine's own memory, which nothing but its instance shows. */
let memory: { readonly buffer: ArrayBuffer } | undefined
type Instance = new (...args: readonly unknown[]) => {
  readonly exports: { readonly memory: { readonly buffer: ArrayBuffer } }
}
let compile: (text: string) => PolicySet

beforeAll(async () => {
  // No library that this project names has a type for it.
  const { WebAssembly: engine } = globalThis as unknown as { WebAssembly: { Instance: Instance } }
  const { Instance } = engine
  engine.Instance = new Proxy(Instance, {
    construct: (target, args: unknown[]) => {
      const made = new target(...args)
      memory = made.exports.memory
      return made
    },
  })
  const { compilePolicies } = await import('./policy-set.ts')
  engine.Instance = Instance
  compile = (text) => {
    const compiled = compilePolicies(text)
    if (compiled.kind === 'invalid') throw new Error(compiled.complaints.join('\n'))
    return compiled.policies
  }
})

const bytes = (): number => memory?.buffer.byteLength ?? 0
/** Of the size of a large house's. */
const versionOf = (n: number): string =>
  Array.from(
    { length: 60 },
    (_, at) => `@id("v${String(n)}-${String(at)}")
permit (principal in Role::"r${String(at)}", action == Action::"use", resource)
when { resource.zone.kind == "kind-${String(n)}" };`,
  ).join('\n')
const question = (role: string, kind: string) => ({
  ...{ roles: [role], needsEscort: false, training: [], shift: 'on' as const, assurance: 3 },
  mode: 'normal' as const,
  zone: { id: 'z', kind, roles: [], asksShift: 'no', asksTraining: [], lockdownRoles: [] },
})

describe('the engine, after many versions', () => {
  it('has no more memory than after a few, and the last one decides', () => {
    for (let n = 0; n < 20; n++) compile(versionOf(n))
    const few = bytes()
    expect(few).toBeGreaterThan(1_000_000)
    for (let n = 20; n < 80; n++) {
      const { use } = compile(versionOf(n)).ask(question('r7', `kind-${String(n)}`), 'she')
      expect(use).toEqual({ kind: 'permit', rule: `v${String(n)}-7` })
    }
    expect(bytes() / few).toBeLessThan(1.1)
  }, 120_000)
  it('still has an old one answer by its own policies, however often others took its place', () => {
    const old = compile(versionOf(0))
    const others = Array.from({ length: 20 }, (_, n) => compile(versionOf(n + 1)))
    for (const [at, other] of others.entries()) {
      const kind = `kind-${String(at + 1)}`
      expect(other.ask(question('r3', kind), 'she').use.kind).toBe('permit')
      const rule = `v0-${String(at)}`
      expect(old.ask(question(`r${String(at)}`, 'kind-0'), 'she').use).toEqual({
        kind: 'permit',
        rule,
      })
      expect(old.ask(question(`r${String(at)}`, kind), 'she').use.kind).toBe('forbid')
    }
  }, 60_000)
})
