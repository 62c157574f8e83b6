// What retention took of a time that is shown: that it is no gap and no fault. It names classes,
// days and lists, and nobody.

import type { GoneByRetention } from '@wardkey/protocol/console/gone-by-retention'
import { Stamp } from './zone-choice.tsx'

export function GoneNote({
  gone = [],
}: {
  readonly gone?: readonly GoneByRetention[] | undefined
}) {
  if (gone.length === 0) return null
  return (
    <div className="wk-quiet" role="note">
      {gone.map(({ class: name, beforeMs, lastTakenMs, firstList, lastList }) => (
        <p key={name}>
          Gone by retention: facts of {name} from before <Stamp ms={beforeMs} />, but for those
          under a legal hold (last taken <Stamp ms={lastTakenMs} />,{' '}
          {firstList === lastList
            ? `list ${String(firstList)}`
            : `lists ${String(firstList)} to ${String(lastList)}`}
          ). That they are missing is no difference.
        </p>
      ))}
    </div>
  )
}
