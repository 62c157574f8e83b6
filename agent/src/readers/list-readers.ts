// Lists the readers that this machine has right now, for `wardkey-agent readers`. It asks the real
// sources for a moment and lets go of them again; it tells of no card but that one lies there.

import type { ReaderClock, ReaderSource, SourceDownReason, SourceKind } from './reader.ts'

export interface ListedReader {
  readonly readerId: string
  readonly readerName: string
  readonly technology: SourceKind
  readonly cardThere: boolean
}

export interface ListedSource {
  readonly kind: SourceKind
  /** Undefined if it works, with readers or without. */
  readonly down: SourceDownReason | undefined
  readonly readers: readonly ListedReader[]
}

/** That finds everything: PC/SC answers at once, USB-HID is looked at once a second. */
const lookForMs = 1500

/** Starts the sources, listens for `lookForMs`, stops them. They cannot be used again. */
export async function listReaders(
  sources: readonly ReaderSource[],
  clock: ReaderClock,
  forMs: number = lookForMs,
): Promise<readonly ListedSource[]> {
  const listings = sources.map((source) => listen(source))
  await new Promise<void>((resolve) => {
    clock.after(forMs, resolve)
  })
  const listed = listings.map((listing) => listing())
  await Promise.all(sources.map((source) => source.stop()))
  return listed
}

/** Starts a source; what it returns tells what has been heard by then. */
function listen(source: ReaderSource): () => ListedSource {
  const readers = new Map<string, ListedReader>()
  let down: SourceDownReason | undefined
  const setCard = (readerId: string, cardThere: boolean): void => {
    const reader = readers.get(readerId)
    if (reader !== undefined) readers.set(readerId, { ...reader, cardThere })
  }
  source.start((event) => {
    if (event.kind === 'source-up') down = undefined
    if (event.kind === 'source-down') down = event.reason
    if (event.kind === 'reader-up') {
      const { readerId, readerName, technology } = event
      readers.set(readerId, { readerId, readerName, technology, cardThere: false })
    }
    if (event.kind === 'reader-down') readers.delete(event.readerId)
    if (event.kind === 'card-seen') setCard(event.readerId, true)
    if (event.kind === 'card-gone') setCard(event.readerId, false)
  })
  return () => ({ kind: source.kind, down, readers: [...readers.values()] })
}
