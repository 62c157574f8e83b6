// The provider's models as rows of our own store, and nothing about what they mean.

export interface ModelRow {
  readonly model: string
  readonly id: string
  readonly payload: string
  readonly expiresMs: number | null
  readonly grantId: string | null
  readonly uid: string | null
  readonly userCode: string | null
  readonly consumedMs: number | null
}

/** Each call is durable when it resolves: a broker that restarts knows the sign-ins it gave. */
export interface ModelStore {
  put(row: ModelRow): Promise<void>
  find(model: string, id: string): Promise<ModelRow | undefined>
  findByUid(model: string, uid: string): Promise<ModelRow | undefined>
  findByUserCode(model: string, userCode: string): Promise<ModelRow | undefined>
  allByUid(model: string, uid: string): Promise<readonly ModelRow[]>
  consume(model: string, id: string, nowMs: number): Promise<void>
  remove(model: string, id: string): Promise<void>
  removeByGrant(grantId: string): Promise<void>
  /** Takes away what has expired; bounded, so that a sweep never holds up a tap. */
  sweep(nowMs: number): Promise<void>
}
