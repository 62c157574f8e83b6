// What the record has said last about a key.

export interface KeyNoteTable {
  /**
   * `master`: which sealing of the root key it was; `record`: its verifier key; `sign-in`: a
   * schedule (flows/keys/sign-in-schedule); `authority`: the present one, the one after it, and what
   * was ordered or asked of them (flows/keys/authority-standing); `authority-lacks …`: a broker
   * without the files of the next one; `record-of …`: what a witness has learned;
   * `tokens …`: what holds those apart who make tokens at once (token-grants/token-guard).
   */
  name: string
  /** Says which, and nothing of the key. */
  value: string
  at_ms: number
}
