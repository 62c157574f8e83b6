// WTSINFOEX as Windows 8 and later lay it out: whether the session is locked. Pure.

/** WTSSessionInfoEx. */
export const sessionInfoClass = 25

/** Level, four bytes of padding, session id, state; then the flags. */
const flagsAt = 16
const level1 = 1
/** Windows 7 and Server 2008 R2 had these two the wrong way round; neither is supported. */
const lockedFlag = 0
const unlockedFlag = 1

/** Undefined if the answer is too short, of another level, or does not know. */
export function parseLocked(info: Uint8Array): boolean | undefined {
  if (info.length < flagsAt + 4) return undefined
  const view = new DataView(info.buffer, info.byteOffset, info.length)
  if (view.getUint32(0, true) !== level1) return undefined
  const flags = view.getInt32(flagsAt, true)
  if (flags === lockedFlag) return true
  return flags === unlockedFlag ? false : undefined
}
