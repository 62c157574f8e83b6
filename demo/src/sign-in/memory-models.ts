// What the demo's provider remembers of sign-ins under way: in memory, and gone with the program.

import type { Adapter, AdapterPayload } from 'oidc-provider'

/** A demo is looked at by one person. */
const kept = new Map<string, AdapterPayload>()
const keptMax = 1000

export class MemoryModels implements Adapter {
  readonly #model: string

  constructor(model: string) {
    this.#model = model
  }

  async upsert(id: string, payload: AdapterPayload): Promise<void> {
    const [oldest] = kept.keys()
    if (kept.size >= keptMax && oldest !== undefined) kept.delete(oldest)
    kept.set(this.#at(id), payload)
    return Promise.resolve()
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const found = kept.get(this.#at(id))
    const isOver = found?.exp !== undefined && found.exp * 1000 <= Date.now()
    return Promise.resolve(isOver ? undefined : found)
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    const begin = `${this.#model} `
    const found = [...kept].find(([at, one]) => at.startsWith(begin) && one.uid === uid)
    return Promise.resolve(found?.[1])
  }

  async findByUserCode(): Promise<undefined> {
    return Promise.resolve(undefined)
  }

  async consume(id: string): Promise<void> {
    const found = kept.get(this.#at(id))
    if (found) found.consumed = Math.floor(Date.now() / 1000)
    return Promise.resolve()
  }

  async destroy(id: string): Promise<void> {
    kept.delete(this.#at(id))
    return Promise.resolve()
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [at, one] of kept) if (one.grantId === grantId) kept.delete(at)
    return Promise.resolve()
  }

  #at(id: string): string {
    return `${this.#model} ${id}`
  }
}
