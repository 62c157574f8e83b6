// What does not fit together, by the numbers that the bands over the lanes have.

import type { Difference, Timeline } from '@wardkey/protocol/console/timeline'
import { Stamp } from '../../parts/time/zone-choice.tsx'
import { differenceWords } from './words.ts'

interface Props {
  readonly timeline: Timeline
  readonly onShow: (difference: Difference) => void
}

export function DifferenceList({ timeline: { differences }, onShow }: Props) {
  return (
    <section className="wk-differing">
      <h2>What does not fit together</h2>
      {differences.length === 0 ? (
        <p className="wk-quiet">Nothing: door, presence and sessions say the same.</p>
      ) : (
        <>
          <p className="wk-quiet">It accuses nobody: it says where to look.</p>
          <ol>
            {differences.map((difference) => {
              const { kind, fromMs, says } = difference
              return (
                <li key={`${kind} ${String(fromMs)}`}>
                  <button
                    type="button"
                    className="wk-link"
                    onClick={() => {
                      onShow(difference)
                    }}
                  >
                    {differenceWords[kind]}, <Stamp ms={fromMs} form="clock" />
                  </button>
                  <div>{says}</div>
                </li>
              )
            })}
          </ol>
        </>
      )}
    </section>
  )
}
