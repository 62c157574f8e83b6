// Locked: what to do, and a mark where the reader is. Nothing of a patient or a session. When a tap
// could not work, that is the large thing: asking for a badge then would be pretending.

import type { LockNotice } from '../../../machine/screen-view.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { BadgeMark } from '../badge-mark.tsx'
import { troublesOf } from '../status.tsx'
import type { SceneOf, SceneProps } from './scene-props.ts'

export function Locked({ catalogue, scene, surroundings }: SceneProps<SceneOf<'locked'>>) {
  const [worst] = troublesOf(catalogue, surroundings)
  if (worst) {
    return (
      <div role="status">
        <h1>{worst.what}</h1>
        <p class="lead">{worst.next}.</p>
      </div>
    )
  }
  return (
    <div role="status">
      <BadgeMark />
      <h1>{catalogue.tapYourBadge}</h1>
      <p class="quiet">{scene.notice ? noticeText(catalogue, scene.notice) : catalogue.tapHint}</p>
    </div>
  )
}

function noticeText(catalogue: Catalogue, notice: LockNotice): string {
  switch (notice.kind) {
    case 'moved':
      return catalogue.movedTo(notice.to)
    case 'ended':
      return catalogue.endedNotice
    case 'idle':
      return catalogue.idleNotice
    case 'trouble':
      return catalogue.troubleNotice
  }
}
