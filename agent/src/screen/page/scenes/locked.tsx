// Locked: what to do, and a mark where the reader is. Nothing of a patient or a session. When a tap
// could not work, that is the large thing: asking for a badge then would be pretending.

import type { LockNotice } from '../../../machine/screen-view.ts'
import type { Catalogue } from '../catalogue/catalogue.ts'
import { BadgeMark } from '../badge-mark.tsx'
import { obstacleOf } from '../status.tsx'
import { useKeys } from '../use-keys.ts'
import type { SceneOf, SceneProps } from './scene-props.ts'

/** Nobody types it in the middle of a word when a screen locks under her hands. */
const wrongKey = 'F2'

export function Locked({ catalogue, scene, surroundings, act }: SceneProps<SceneOf<'locked'>>) {
  const obstacle = obstacleOf(catalogue, surroundings)
  return (
    <div>
      <div role="status">
        {obstacle ? (
          <>
            <h1>{obstacle.what}</h1>
            <p class="lead">{obstacle.next}.</p>
          </>
        ) : (
          <>
            <BadgeMark />
            <h1>{catalogue.tapYourBadge}</h1>
          </>
        )}
        <p class="quiet">{wordsBelow(catalogue, scene, obstacle !== undefined)}</p>
      </div>
      {/* Its place is kept, so that nothing moves when it goes. */}
      <p class="regret">
        {scene.maySayWrong && (
          <Regret
            label={catalogue.lockWasWrong}
            onSay={() => {
              act({ kind: 'lock-was-wrong' })
            }}
          />
        )}
      </p>
    </div>
  )
}

function Regret({ label, onSay }: { readonly label: string; readonly onSay: () => void }) {
  useKeys({ [wrongKey]: onSay })
  return (
    <button type="button" aria-keyshortcuts={wrongKey} data-testid="regret" onClick={onSay}>
      {label} <kbd>{wrongKey}</kbd>
    </button>
  )
}

function wordsBelow(
  catalogue: Catalogue,
  { notice }: SceneOf<'locked'>,
  isObstructed: boolean,
): string {
  if (notice) return noticeText(catalogue, notice)
  return isObstructed ? '\u00a0' : catalogue.tapHint
}

function noticeText(catalogue: Catalogue, notice: LockNotice): string {
  switch (notice.kind) {
    case 'moved':
      return catalogue.movedTo(notice.to)
    case 'ended':
    case 'idle':
    case 'away':
    case 'card-removed':
    case 'wrong-noted':
    case 'reader-lost':
    case 'link-lost':
    case 'browser-lost':
    case 'launch-failed':
    case 'trouble':
    case 'emergency-over':
    case 'network-back':
    case 'slept':
      return catalogue.notices[notice.kind]
  }
}
