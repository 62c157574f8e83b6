// The mark that stands for badge and reader. It answers at once when a card is seen, and until then
// its waves dim one after the other.

import { useBeat } from './page-time.ts'

const beatMs = 800
/** The waves in order, and as long again in which all of them are bright. */
const beats = 6

export function BadgeMark({ isSeen = false }: { readonly isSeen?: boolean }) {
  return isSeen ? <Mark name="mark mark-seen" /> : <WaitingMark />
}

function WaitingMark() {
  return <Mark name={`mark mark-${String(useBeat(beatMs) % beats)}`} />
}

function Mark({ name }: { readonly name: string }) {
  return (
    <svg class={name} viewBox="0 0 120 96" aria-hidden="true">
      <rect class="card" x="14" y="20" width="56" height="72" rx="8" />
      <path class="slot" d="M34 29h16" />
      <circle class="face" cx="42" cy="50" r="9" />
      <path class="face" d="M27 77c2-9 8-13 15-13s13 4 15 13Z" />
      <path class="wave wave-1" d="M82 44a16 16 0 0 1 0 24" />
      <path class="wave wave-2" d="M91 35a29 29 0 0 1 0 42" />
      <path class="wave wave-3" d="M100 26a42 42 0 0 1 0 60" />
    </svg>
  )
}
